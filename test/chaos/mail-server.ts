import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { MailFault, Stage } from './mail-fault.ts';
import { MailSession } from './mail-session.ts';
import type { Random } from './random.ts';
import type { Copy, Cut, Refusal } from './taken.ts';

/** How long it takes to keep a message, as a real server on its disk; so there is always something in hand. */
const USUAL_EFFORT_MS = [20, 150] as const;
/** Longer, but not so long that a notifier puts the mail aside. */
const GREAT_EFFORT_MS = [600, 800] as const;
/** So long that a notifier puts the mail aside while it is under way. */
const LONG_EFFORT_MS = [1_200, 4_000] as const;
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
  private effortMs: readonly [number, number] = USUAL_EFFORT_MS;
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
    this.effortMs = GREAT_EFFORT_MS;
  }

  /** From now on each message takes it seconds, until it `behaves`. */
  dawdle(): void {
    this.effortMs = LONG_EFFORT_MS;
  }

  /** From now on it misbehaves like this. */
  misbehave(fault: MailFault): void {
    this.fault = fault;
    // Only a new connection meets a greeting or TLS.
    if (fault.at === 'greeting' || fault.at === 'tls') this.cutAll();
  }

  /** It behaves again; connections that hang are cut, as a server that is started again does. */
  behave(): void {
    this.fault = undefined;
    this.effortMs = USUAL_EFFORT_MS;
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
      effort: () => this.random.between(...this.effortMs),
      refuses: (address, code) => this.refusals.push({ address, code }),
    });
    this.sessions.add(session);
    socket.on('close', () => this.sessions.delete(session));
  }

  private faultAt(stage: Stage, address: string): MailFault | undefined {
    const { fault } = this;
    if (fault?.at !== stage || (fault.only && !fault.only(address))) return undefined;
    if (this.random.chance() >= (fault.share ?? 1) || (fault.once && this.met.has(address))) return undefined;
    this.met.add(address);
    return fault;
  }
}
