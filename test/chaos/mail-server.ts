import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { Cut } from './audit.ts';
import { MailSession } from './mail-session.ts';
import type { Random } from './random.ts';

/** Where in the dialogue something goes wrong; `message` is inside DATA, `dot` behind the final dot. */
export type Stage = 'greeting' | 'mail' | 'rcpt' | 'message' | 'dot';

/** How the mail server misbehaves. */
export interface MailFault {
  readonly at: Stage;
  /** A reply's code (421 hangs up after it), silence with the connection open, or the connection closed. */
  readonly does: number | 'hang' | 'close';
  /** For `dot`: whether the message is taken all the same. */
  readonly takes?: boolean;
  /** How many of the transactions meet it, 0 to 1; all when absent. */
  readonly share?: number;
  /** No recipient meets it twice, so that the next try succeeds however long the fault lasts. */
  readonly once?: boolean;
  /** Only this recipient meets it. */
  readonly only?: (address: string) => boolean;
}

/** A message that the server took. */
export interface Copy {
  readonly address: string;
  readonly messageId: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  /** Whether the client could learn of it: false when the connection was cut between the final dot and its answer. */
  readonly answered: boolean;
}

/** A refusal with a code, by recipient. */
export interface Refusal {
  readonly address: string;
  readonly code: number;
}

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

  /** From now on it misbehaves like this. */
  misbehave(fault: MailFault): void {
    this.fault = fault;
    // Only a new connection meets a greeting.
    if (fault.at === 'greeting') this.cutAll();
  }

  /** It behaves again; connections that hang are cut, as a server that is started again does. */
  behave(): void {
    this.fault = undefined;
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
      takes: (address, messageId, answered) =>
        this.copies.push({ address, messageId, at: performance.now(), answered }),
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
