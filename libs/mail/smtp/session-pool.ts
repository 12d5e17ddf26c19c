import { Connections, type ConnectAttempt } from './connections.ts';
import { hedgedOpen } from './hedged-open.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';

export interface SessionPoolOptions {
  readonly open: (signal: AbortSignal) => Promise<SmtpSession>;
  /** The most connections at once; `setLimit` changes it. As many slow ones may come on top. */
  readonly limit: number;
  /** A connection is replaced after this many mails. */
  readonly mailsPerSession: number;
  /** An idle connection is closed after this time, before the server closes it. */
  readonly idleMs: number;
  /** The time-out of RSET. */
  readonly resetMs: number;
  /** See `SmtpTimeouts`. */
  readonly silentMs: number;
  /** Called once when the server goes silent on all connections. */
  readonly onSilent: (error: SmtpError) => void;
  /** Called with the number of mails that wait long for a reply, when it changes. */
  readonly onSlow: (mails: number) => void;
}

interface Waiter {
  /** Place in the queue's order. A connection attempt that began earlier does not fail this one. */
  readonly since: number;
  /** Never pipelined behind another mail. */
  readonly isAlone: boolean;
  readonly resolve: (session: SmtpSession) => void;
  readonly reject: (error: SmtpError) => void;
}

/** How long the server's own connection limit is respected before another connection is tried. */
const CAP_MS = 60_000;
/** How long nothing is pipelined behind messages after the server has discarded it. */
const NO_PIPELINING_MS = 10 * 60_000;
/** When a probe gets no reply, another starts this often, up to this many. */
const PROBES = { everyMs: 2_000, most: 5 } as const;
const UNCAPPED = { connections: Infinity, until: 0 };

/**
 * Keeps connections for reuse and lends them first come, first served: to one mail, and to the next one as soon as the
 * first has sent its message.
 */
export class SessionPool {
  private readonly options: SessionPoolOptions;
  private readonly connections: Connections;
  private readonly waiting: Waiter[] = [];
  private readonly closing = new AbortController();
  private readonly sweeper: NodeJS.Timeout;
  private readonly watcher: NodeJS.Timeout;
  private limit: number;
  private cap = UNCAPPED;
  private noPipeliningUntil = -Infinity;
  private clock = 0;
  private reportedSlow = 0;

  constructor(options: SessionPoolOptions) {
    this.options = options;
    this.limit = options.limit;
    this.connections = new Connections(options.silentMs, options.limit);
    this.sweeper = setInterval(() => this.sweep(), Math.ceil(options.idleMs / 4)).unref();
    this.watcher = setInterval(() => this.watch(), Math.ceil(options.silentMs / 10)).unref();
  }

  /**
   * Waits for a session, to be given back by `release`. `isAlone`: one that no other mail is using. Rejects with
   * `SmtpError` when the server cannot be used.
   */
  acquire(isAlone: boolean): Promise<SmtpSession> {
    if (this.closing.signal.aborted) return Promise.reject(senderClosed());
    const newest = this.connections.lendIdle();
    if (newest) return Promise.resolve(newest);
    return new Promise((resolve, reject) => {
      this.waiting.push({ since: this.tick(), isAlone, resolve, reject });
      this.grow();
    });
  }

  /**
   * Lends a session also to the first mail in the queue, if any: its current mail only waits for the reply to its message.
   * Both mails release it.
   */
  share(session: SmtpSession): void {
    const isQuick = session.extensions.pipelining && session.isQuick && !session.ended;
    const isFit = isQuick && performance.now() >= this.noPipeliningUntil;
    if (!isFit || this.isSpent(session)) return;
    if (this.connections.isAbove(this.limit) || this.waiting[0]?.isAlone) return;
    this.waiting.shift()?.resolve(this.connections.lend(session));
  }

  /** Gives a session back, in whatever state. */
  release(session: SmtpSession): void {
    session.users -= 1;
    if (session.discardsPipelined) this.noPipeliningUntil = performance.now() + NO_PIPELINING_MS;
    if (session.users === 0) this.takeBack(session);
  }

  private takeBack(session: SmtpSession): void {
    if (session.needsReset && !session.ended) {
      session.needsReset = false;
      void session.reset(this.options.resetMs).then(() => this.takeBack(session));
      return;
    }
    this.connections.returned(session);
    if (!session.ended && this.isSpent(session)) this.connections.quit(session);
    else this.offer(session);
    this.grow();
  }

  private isSpent({ isRetired, mails }: SmtpSession): boolean {
    return isRetired || mails >= this.options.mailsPerSession;
  }

  /**
   * Opens a connection regardless of the limit, to find out whether the server can be used, and keeps it if the limit
   * allows. A connection attempt that gets no reply does not hold up the next one.
   */
  probe(): Promise<SmtpError | undefined> {
    return hedgedOpen(async (signal) => {
      const session = await this.open(this.connections.connecting(true), signal);
      if (session instanceof SmtpError) return session;
      // The server was down. The connection limit that it had while going down no longer holds.
      this.cap = UNCAPPED;
      this.offer(session);
      this.watch();
      return undefined;
    }, PROBES);
  }

  setLimit(limit: number): void {
    this.limit = Math.max(1, Math.floor(limit));
    while (this.connections.isAbove(this.limit) && this.connections.quitOldest());
    this.grow();
  }

  /** Refuses waiting mails, lets mails in progress finish for at most `graceMs`, and closes every connection. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.sweeper);
    clearInterval(this.watcher);
    this.closing.abort();
    this.refuseWaiting(senderClosed());
    await this.connections.close(graceMs, senderClosed());
  }

  private grow(): void {
    if (performance.now() >= this.cap.until) this.cap = UNCAPPED;
    while (this.waiting.length > this.connections.expectedSoon && !this.isFull()) {
      const since = this.tick();
      void this.open(this.connections.connecting(false)).then((opened) => {
        if (opened instanceof SmtpError) this.failed(opened, since);
        else this.offer(opened);
      });
    }
  }

  private isFull(): boolean {
    return this.connections.total >= this.cap.connections || this.connections.isFull(this.limit);
  }

  private async open(attempt: ConnectAttempt, more?: AbortSignal): Promise<SmtpSession | SmtpError> {
    const signals = [this.closing.signal, attempt.abort.signal, ...(more ? [more] : [])];
    try {
      const session = await this.options.open(AbortSignal.any(signals));
      this.connections.connected(attempt, session);
      return session;
    } catch (error) {
      this.connections.connectFailed(attempt);
      if (attempt.abort.signal.reason instanceof SmtpError) return attempt.abort.signal.reason;
      return error instanceof SmtpError
        ? error
        : new SmtpError('SMTP_CONNECT', 'No connection', { cause: error });
    }
  }

  /** Lends a session to the first mail in the queue, else keeps it idle. */
  private offer(session: SmtpSession): void {
    if (session.ended) return;
    const isTooMany = this.connections.isFullOfReady(this.limit);
    if (this.closing.signal.aborted || isTooMany) return this.connections.quit(session);
    const waiter = this.waiting.shift();
    if (waiter) waiter.resolve(this.connections.lend(session));
    else this.connections.keepIdle(session);
  }

  private failed(error: SmtpError, since: number): void {
    const others = this.connections.working;
    if (error.code === 'SMTP_OVERTAKEN') this.grow();
    else if (error.code === 'SMTP_GREETING' && others > 0) {
      // It serves our other connections, so it allows fewer than we do.
      this.cap = { connections: others, until: performance.now() + CAP_MS };
    } else {
      this.refuseWaiting(error, since);
      this.grow();
    }
  }

  /** Checks the waits: for a silent server, slow connections and overtaken ones. */
  private watch(): void {
    const error = this.connections.checkWaits(performance.now());
    if (error) {
      this.refuseWaiting(error);
      this.options.onSilent(error);
    }
    const { slowMails } = this.connections;
    if (slowMails !== this.reportedSlow) this.options.onSlow(slowMails);
    this.reportedSlow = slowMails;
    this.grow();
  }

  private refuseWaiting(error: SmtpError, before = Infinity): void {
    const later = this.waiting.findIndex((waiter) => waiter.since > before);
    for (const waiter of this.waiting.splice(0, later < 0 ? Infinity : later)) waiter.reject(error);
  }

  private tick(): number {
    this.clock += 1;
    return this.clock;
  }

  private sweep(): void {
    this.connections.quitIdle(performance.now() - this.options.idleMs);
  }
}

function senderClosed(): SmtpError {
  return new SmtpError('SMTP_SENDER_CLOSED', 'The mail sender is closed');
}
