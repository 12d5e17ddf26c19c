import { Connections, type Opening } from './connections.ts';
import { openSoonest } from './open-soonest.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';

export interface SessionPoolOptions {
  readonly open: (signal: AbortSignal) => Promise<SmtpSession>;
  /** The most connections at once; `setLimit` changes it. Those that wait long for an answer do not count, up to as many again. */
  readonly limit: number;
  /** After so many mails a connection is replaced. */
  readonly mailsPerSession: number;
  /** An unused connection is closed after this, before the server does it. */
  readonly idleMs: number;
  readonly resetMs: number;
  /** See `SmtpTimeouts`. */
  readonly silentMs: number;
  /** Told once when the server says nothing at all. */
  readonly onSilent: (error: SmtpError) => void;
  /** Told how many mails wait long for an answer, when that changes. */
  readonly onSlow: (mails: number) => void;
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
/** A probe that is not answered gets company so often, as often as it takes until the server counts as silent. */
const PROBES = { everyMs: 2_000, most: 5 } as const;
const UNCAPPED = { connections: Infinity, until: 0 };

/**
 * Keeps connections for reuse and lends them in the order in which they were asked for: to one mail, and to the next
 * one that waits when the first has said all it has to say.
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
  private losesUntil = -Infinity;
  private clock = 0;
  private slowTold = 0;

  constructor(options: SessionPoolOptions) {
    this.options = options;
    this.limit = options.limit;
    this.connections = new Connections(options.silentMs, options.limit);
    this.sweeper = setInterval(() => this.sweep(), Math.ceil(options.idleMs / 4)).unref();
    this.watcher = setInterval(() => this.watch(), Math.ceil(options.silentMs / 10)).unref();
  }

  /**
   * A session to speak on, until `share` or `release`; `isAlone`: one that nobody else speaks on. Rejects with `SmtpError`
   * when the server cannot be used.
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
   * Lends a session whose user only waits for the answer to its message to who waits longest, if anybody does. Each of
   * the two releases it.
   */
  share(session: SmtpSession): void {
    const isQuick = session.extensions.pipelining && session.isQuick && !session.ended;
    const isFit = isQuick && performance.now() >= this.losesUntil;
    if (!isFit || this.isSpent(session)) return;
    if (this.connections.isAbove(this.limit) || this.waiting[0]?.isAlone) return;
    this.waiting.shift()?.resolve(this.connections.lend(session));
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
    this.connections.returned(session);
    if (!session.ended && this.isSpent(session)) this.connections.quit(session);
    else this.offer(session);
    this.grow();
  }

  private isSpent({ isRetired, mails }: SmtpSession): boolean {
    return isRetired || mails >= this.options.mailsPerSession;
  }

  /**
   * Opens connections whatever is there, to learn whether the server can be used; what comes of them is kept when there is
   * room. A connection that gets no answer does not keep waiting the others.
   */
  probe(): Promise<SmtpError | undefined> {
    return openSoonest(async (signal) => {
      const session = await this.open(this.connections.opens(true), signal);
      if (session instanceof SmtpError) return session;
      // It was away: what it allowed before that, going down, says nothing of now.
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

  /** Lets what is under way finish, for `graceMs` at most, refuses what waits, and closes every connection. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.sweeper);
    clearInterval(this.watcher);
    this.closing.abort();
    this.refuseWaiting(senderClosed());
    await this.connections.close(graceMs, senderClosed());
  }

  private grow(): void {
    if (performance.now() >= this.cap.until) this.cap = UNCAPPED;
    while (this.waiting.length > this.connections.openingSoon && !this.isFull()) {
      const since = this.tick();
      void this.open(this.connections.opens(false)).then((opened) => {
        if (opened instanceof SmtpError) this.failed(opened, since);
        else this.offer(opened);
      });
    }
  }

  private isFull(): boolean {
    return this.connections.total >= this.cap.connections || this.connections.isFull(this.limit);
  }

  private async open(opening: Opening, more?: AbortSignal): Promise<SmtpSession | SmtpError> {
    const signals = [this.closing.signal, opening.end.signal, ...(more ? [more] : [])];
    try {
      const session = await this.options.open(AbortSignal.any(signals));
      this.connections.opened(opening, session);
      return session;
    } catch (error) {
      this.connections.notOpened(opening);
      if (opening.end.signal.reason instanceof SmtpError) return opening.end.signal.reason;
      return error instanceof SmtpError
        ? error
        : new SmtpError('SMTP_CONNECT', 'No connection', { cause: error });
    }
  }

  /** Hands a session to who waits longest, else keeps it. */
  private offer(session: SmtpSession): void {
    if (session.ended) return;
    const isTooMany = this.connections.isFullWithout(this.limit);
    if (this.closing.signal.aborted || isTooMany) return this.connections.quit(session);
    const waiter = this.waiting.shift();
    if (waiter) waiter.resolve(this.connections.lend(session));
    else this.connections.keep(session);
  }

  private failed(error: SmtpError, since: number): void {
    const others = this.connections.working;
    if (error.code === 'SMTP_OVERTAKEN') this.grow();
    else if (error.code === 'SMTP_GREETING' && others > 0) {
      // The server serves the others: it allows fewer connections than we do.
      this.cap = { connections: others, until: performance.now() + CAP_MS };
    } else {
      this.refuseWaiting(error, since);
      this.grow();
    }
  }

  /** Looks at what waits: for a server that says nothing at all, and for connections that it has forgotten. */
  private watch(): void {
    const error = this.connections.look(performance.now());
    if (error) {
      this.refuseWaiting(error);
      this.options.onSilent(error);
    }
    const { slowMails } = this.connections;
    if (slowMails !== this.slowTold) this.options.onSlow(slowMails);
    this.slowTold = slowMails;
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
    this.connections.quitUnused(performance.now() - this.options.idleMs);
  }
}

function senderClosed(): SmtpError {
  return new SmtpError('SMTP_SENDER_CLOSED', 'The mail sender is closed');
}
