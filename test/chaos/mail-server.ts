import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { Effort, MailFault, Stage } from './mail-fault.ts';
import { MailSession } from './mail-session.ts';
import type { Random } from './random.ts';
import type { Copy, Cut, Refusal } from './taken.ts';

/** As long as a real server needs to write a message to disk, so that some mail is always in flight. */
const USUAL: Effort = { greeting: 0, rcpt: 0, dot: [20, 150] };
/** Longer, but not long enough for a notifier to park the mail. */
const GREAT: Effort = { ...USUAL, dot: [600, 800] };
/** Long enough for a notifier to park the mail while it is in flight. */
const LONG: Effort = { ...USUAL, dot: [1_200, 4_000] };
/** A reply written this long before a cut may not have arrived. */
const ON_ITS_WAY_MS = 100;

/** An SMTP server with scripted faults that records what it accepted. */
export class MailServer {
  readonly copies: Copy[] = [];
  readonly refusals: Refusal[] = [];
  /** When all connections were cut: a reply may have been on its way. */
  readonly cuts: Cut[] = [];
  private readonly sessions = new Set<MailSession>();
  /** Recipients that a fault has affected. */
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

  /** Starts listening, on the same port as before. */
  async up(): Promise<void> {
    if (this.port === 0) [this.port = 0] = await freePorts(1);
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Stops listening and cuts every connection, as a crash would: connections are refused. */
  async down(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.cutAll();
    await closed;
  }

  /** Becomes slower than mails arrive, until `behave`: the notifiers have many mails in flight. */
  beSlow(): void {
    this.effort = GREAT;
  }

  /** Takes seconds for each message, until `behave`. */
  beVerySlow(): void {
    this.effort = LONG;
  }

  /** Takes the given times for each step, until `behave`. */
  slowDown(effort: Effort): void {
    this.effort = effort;
    // Only new connections wait for a greeting.
    this.cutAll();
  }

  /** Starts a fault. */
  misbehave(fault: MailFault): void {
    this.fault = fault;
    // Only new connections reach the greeting, TLS or the login.
    if (fault.at === 'greeting' || fault.at === 'tls' || fault.at === 'auth') this.cutAll();
  }

  /** Ends the fault and cuts hanging connections, as a restart would. */
  behave(): void {
    const forgets = this.fault?.forgets;
    this.fault = undefined;
    this.effort = USUAL;
    if (forgets) return;
    for (const session of this.sessions) if (session.hangs) session.cut();
  }

  /** Cuts every connection immediately. */
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
      refuses: (address, code) => this.refusals.push({ address, code, at: performance.now() }),
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
