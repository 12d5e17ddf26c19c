import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { Effort, MailFault, Stage } from './mail-fault.ts';
import { MailSession } from './mail-session.ts';
import type { Random } from './random.ts';
import type { Copy, Cut, Refusal } from './taken.ts';

/** As long as a real server needs to keep a message on its disk; so there is always something in hand. */
const USUAL: Effort = { greeting: 0, rcpt: 0, dot: [20, 150] };
/** Longer, but not so long that a notifier puts the mail aside. */
const GREAT: Effort = { ...USUAL, dot: [600, 800] };
/** So long that a notifier puts the mail aside while it is under way. */
const LONG: Effort = { ...USUAL, dot: [1_200, 4_000] };
/** An answer that was written so long before a cut may not have arrived. */
const ON_ITS_WAY_MS = 100;

/** A real SMTP server with a script of faults and a ledger of what it took. */
export class MailServer {
  readonly copies: Copy[] = [];
  readonly refusals: Refusal[] = [];
  /** When connections were cut from outside: an answer may have been on its way. */
  readonly cuts: Cut[] = [];
  private readonly sessions = new Set<MailSession>();
  /** Who has met a fault. */
  private readonly met = new Set<string>();
  private readonly server: Server;
  private readonly random: Random;
  private fault: MailFault | undefined;
  private effort = USUAL;
  private port = 0;

  constructor(random: Random) {
    this.random = random;
    this.server = createServer((socket) => this.accept(socket));
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Starts to listen, on the same port as before. */
  async up(): Promise<void> {
    if (this.port === 0) [this.port = 0] = await freePorts(1);
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Stops listening and cuts every connection, as a crash would: from now on connections are refused. */
  async down(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.cutAll();
    await closed;
  }

  /** From now on it is slower than mails come, until it `behaves`: the notifiers' hands are full. */
  toil(): void {
    this.effort = GREAT;
  }

  /** From now on each message takes it seconds, until it `behaves`. */
  dawdle(): void {
    this.effort = LONG;
  }

  /** From now on it takes so long for what it does, until it `behaves`. */
  slowDown(effort: Effort): void {
    this.effort = effort;
    // Only a new connection waits for its greeting.
    this.cutAll();
  }

  /** From now on it misbehaves like this. */
  misbehave(fault: MailFault): void {
    this.fault = fault;
    // Only a new connection meets a greeting, TLS or a login.
    if (fault.at === 'greeting' || fault.at === 'tls' || fault.at === 'auth') this.cutAll();
  }

  /** It behaves again; connections that hang are cut, as a server that is started again does. */
  behave(): void {
    const forgets = this.fault?.forgets;
    this.fault = undefined;
    this.effort = USUAL;
    if (forgets) return;
    for (const session of this.sessions) if (session.hangs) session.cut();
  }

  /** Cuts every connection at once, whatever it is doing. */
  cutAll(): void {
    this.cuts.push({ at: performance.now(), windowMs: ON_ITS_WAY_MS });
    for (const session of this.sessions) session.cut();
  }

  private accept(socket: Socket): void {
    const session = new MailSession(socket, {
      faultAt: (stage, address) => this.faultAt(stage, address),
      offersTls: () => this.fault?.at === 'tls',
      takes: (address, messageId) => {
        const copy = { address, messageId, at: performance.now(), answered: false };
        this.copies.push(copy);
        return () => (copy.answered = true);
      },
      effort: (stage) => this.effortAt(stage),
      refuses: (address, code) => this.refusals.push({ address, code }),
    });
    this.sessions.add(session);
    socket.on('close', () => this.sessions.delete(session));
  }

  private effortAt(stage: 'greeting' | 'rcpt' | 'dot'): number {
    const { greeting, rcpt, dot, slowDot } = this.effort;
    if (stage === 'greeting') return greeting;
    if (stage === 'rcpt') return rcpt;
    return slowDot && this.random.chance() < slowDot.share ? slowDot.ms : this.random.between(...dot);
  }

  private faultAt(stage: Stage, address: string): MailFault | undefined {
    const { fault } = this;
    if (fault?.at !== stage || (fault.only && !fault.only(address))) return undefined;
    if (this.random.chance() >= (fault.share ?? 1) || (fault.once && this.met.has(address))) return undefined;
    this.met.add(address);
    return fault;
  }
}
