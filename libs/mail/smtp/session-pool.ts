import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';

export interface SessionPoolOptions {
  readonly open: (signal: AbortSignal) => Promise<SmtpSession>;
  /** The most connections at once; `setLimit` changes it. */
  readonly limit: number;
  /** After so many mails a connection is replaced. */
  readonly mailsPerSession: number;
  /** An unused connection is closed after this, before the server does it. */
  readonly idleMs: number;
  readonly resetMs: number;
}

interface Waiter {
  /** Place in the order of things: an attempt to connect that began before says nothing about this one. */
  readonly since: number;
  /** Never behind another mail. */
  readonly isAlone: boolean;
  readonly resolve: (session: SmtpSession) => void;
  readonly reject: (error: SmtpError) => void;
}

/** How long the server's own limit of connections is believed before one more is tried. */
const CAP_MS = 60_000;
/** How long a server that lost what stood behind a message gets every envelope on its own. */
const LOSING_MS = 10 * 60_000;
const UNCAPPED = { connections: Infinity, until: 0 };

/**
 * Keeps connections for reuse and lends them in the order in which they were asked for: to one mail, and to the next
 * one that waits when the first has said all it has to say.
 */
export class SessionPool {
  private readonly options: SessionPoolOptions;
  /** The one used last is at the end, and taken first: the others may grow old and go. */
  private readonly idle: { readonly session: SmtpSession; readonly since: number }[] = [];
  private readonly waiting: Waiter[] = [];
  private readonly quitting = new Set<Promise<void>>();
  private readonly closing = new AbortController();
  private readonly sweeper: NodeJS.Timeout;
  private limit: number;
  private cap = UNCAPPED;
  private losesUntil = -Infinity;
  private busy = 0;
  private opening = 0;
  private clock = 0;
  private drained: (() => void) | undefined;

  constructor(options: SessionPoolOptions) {
    this.options = options;
    this.limit = options.limit;
    this.sweeper = setInterval(() => this.sweep(), Math.ceil(options.idleMs / 4)).unref();
  }

  /**
   * A session to speak on, until `share` or `release`; `isAlone`: one that nobody else speaks on. Rejects with `SmtpError`
   * when the server cannot be used.
   */
  acquire(isAlone: boolean): Promise<SmtpSession> {
    if (this.closing.signal.aborted) return Promise.reject(senderClosed());
    const newest = this.idle.pop();
    if (newest) return Promise.resolve(this.lend(newest.session));
    return new Promise((resolve, reject) => {
      this.waiting.push({ since: this.tick(), isAlone, resolve, reject });
      this.grow();
    });
  }

  /**
   * Lends a session whose user only waits for the answer to its message to who waits longest, if anybody does. Each of
   * the two releases it.
   */
  share(session: SmtpSession): void {
    const isQuick = session.extensions.pipelining && session.isQuick && !session.ended;
    const isFit = isQuick && performance.now() >= this.losesUntil;
    if (!isFit || session.mails >= this.options.mailsPerSession || this.total() > this.limit) return;
    if (!this.waiting[0]?.isAlone) this.waiting.shift()?.resolve(this.lend(session));
  }

  /** Gives a session back, whatever became of it. */
  release(session: SmtpSession): void {
    session.users -= 1;
    if (session.losesFollowers) this.losesUntil = performance.now() + LOSING_MS;
    if (session.users === 0) this.takeBack(session);
  }

  private takeBack(session: SmtpSession): void {
    if (session.needsReset && !session.ended) {
      session.needsReset = false;
      void session.reset(this.options.resetMs).then(() => this.takeBack(session));
      return;
    }
    this.busy -= 1;
    if (!session.ended && session.mails >= this.options.mailsPerSession) this.quit(session);
    else this.offer(session);
    this.grow();
    this.checkDrained();
  }

  /** Opens a connection whatever is there, to learn whether the server can be used; it is kept when there is room. */
  async probe(): Promise<SmtpError | undefined> {
    this.opening += 1;
    const session = await this.open();
    if (session instanceof SmtpError) return session;
    // It was away: what it allowed before that, going down, says nothing of now.
    this.cap = UNCAPPED;
    this.offer(session);
    return undefined;
  }

  setLimit(limit: number): void {
    this.limit = Math.max(1, Math.floor(limit));
    while (this.total() > this.limit && this.idle.length > 0) this.quitOldest();
    this.grow();
  }

  /** Lets what is under way finish, refuses what waits, and closes every connection. */
  async close(): Promise<void> {
    clearInterval(this.sweeper);
    this.closing.abort();
    this.refuseWaiting(senderClosed());
    while (this.idle.length > 0) this.quitOldest();
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      this.checkDrained();
    });
    await Promise.all(this.quitting);
  }

  private lend(session: SmtpSession): SmtpSession {
    if (session.users === 0) this.busy += 1;
    session.users += 1;
    return session;
  }

  private total(): number {
    return this.idle.length + this.busy + this.opening;
  }

  private grow(): void {
    if (performance.now() >= this.cap.until) this.cap = UNCAPPED;
    const most = Math.min(this.limit, this.cap.connections);
    while (this.opening < this.waiting.length && this.total() < most) {
      const since = this.tick();
      this.opening += 1;
      void this.open().then((opened) => {
        if (opened instanceof SmtpError) this.failed(opened, since);
        else this.offer(opened);
      });
    }
  }

  private async open(): Promise<SmtpSession | SmtpError> {
    try {
      const session = await this.options.open(this.closing.signal);
      session.onEnd(() => this.forget(session));
      return session;
    } catch (error) {
      return error instanceof SmtpError
        ? error
        : new SmtpError('SMTP_CONNECT', 'No connection', { cause: error });
    } finally {
      this.opening -= 1;
      this.checkDrained();
    }
  }

  /** Hands a session to who waits longest, else keeps it. */
  private offer(session: SmtpSession): void {
    if (session.ended) return;
    if (this.closing.signal.aborted || this.total() >= this.limit) return this.quit(session);
    const waiter = this.waiting.shift();
    if (waiter) waiter.resolve(this.lend(session));
    else this.idle.push({ session, since: performance.now() });
  }

  private failed(error: SmtpError, since: number): void {
    const others = this.idle.length + this.busy;
    if (error.code === 'SMTP_GREETING' && others > 0) {
      // The server serves the others: it allows fewer connections than we do.
      this.cap = { connections: others, until: performance.now() + CAP_MS };
      return;
    }
    this.refuseWaiting(error, since);
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

  private forget(session: SmtpSession): void {
    const index = this.idle.findIndex((one) => one.session === session);
    if (index >= 0) this.idle.splice(index, 1);
  }

  private sweep(): void {
    const since = performance.now() - this.options.idleMs;
    while (this.idle[0] && this.idle[0].since <= since) this.quitOldest();
  }

  private quitOldest(): void {
    const oldest = this.idle.shift();
    if (oldest) this.quit(oldest.session);
  }

  private quit(session: SmtpSession): void {
    const quit = session.quit().finally(() => this.quitting.delete(quit));
    this.quitting.add(quit);
  }

  private checkDrained(): void {
    if (this.busy === 0 && this.opening === 0) this.drained?.();
  }
}

function senderClosed(): SmtpError {
  return new SmtpError('SMTP_SENDER_CLOSED', 'The mail sender is closed');
}
