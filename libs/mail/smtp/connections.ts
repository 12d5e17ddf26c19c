import { ServerLiveness } from './server-liveness.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';

/** A connection that is being set up. */
export interface ConnectAttempt {
  /** When it began (`performance.now()`). */
  readonly since: number;
  readonly abort: AbortController;
}

/**
 * All connections to one server, whether being set up, in use, idle or closing, and the server's liveness as seen on all
 * of them. A connection that waits long for a reply is slow and does not count against the limit: a mail that takes the
 * server ten minutes must not hold up others. Up to `maxSlow` slow connections are free; beyond that only one connection
 * at a time is added, to find out whether the server has become quick again.
 */
export class Connections {
  private readonly attempts = new Set<ConnectAttempt>();
  /** Attempts that no mail waits for. They do not count against the limit. */
  private readonly probes = new Set<ConnectAttempt>();
  private readonly inUse = new Set<SmtpSession>();
  /** A stack: the most recently used is taken first, so that the others can time out. */
  private readonly idle: { readonly session: SmtpSession; readonly since: number }[] = [];
  private readonly quitting = new Set<Promise<void>>();
  /** Those found slow by the last `checkWaits`. */
  private slow = new Set<ConnectAttempt | SmtpSession>();
  private readonly liveness: ServerLiveness;
  private readonly maxSlow: number;
  private drained: (() => void) | undefined;

  constructor(silentMs: number, maxSlow: number) {
    this.liveness = new ServerLiveness(silentMs);
    this.maxSlow = maxSlow;
  }

  get total(): number {
    return this.counted + this.probes.size;
  }

  /** Connections in use or idle. */
  get working(): number {
    return this.idle.length + this.inUse.size;
  }

  /** Connection attempts that are not slow. */
  get expectedSoon(): number {
    return [...this.attempts].filter((attempt) => !this.slow.has(attempt)).length;
  }

  /** Connections in use that wait long for a reply. */
  get slowMails(): number {
    // Asked for every mail, and nearly always 0.
    if (this.slow.size === 0) return 0;
    return [...this.inUse].filter((session) => this.slow.has(session)).length;
  }

  /** Whether no connection may be added. */
  isFull(limit: number): boolean {
    const quick = this.counted - this.slow.size;
    const tooSlow = Math.max(0, this.slow.size - this.maxSlow);
    return quick >= limit || (quick > 0 && quick + tooSlow >= limit);
  }

  /** Whether one more ready connection would be too many. Attempts do not count: they may take longer. */
  isFullOfReady(limit: number): boolean {
    return this.working - this.slowMails >= limit;
  }

  /** Whether more connections are open than the limit allows. */
  isAbove(limit: number): boolean {
    return this.counted - this.slow.size > limit;
  }

  /** Registers an attempt to connect, for a mail or as a probe. */
  connecting(isProbe: boolean): ConnectAttempt {
    const attempt = { since: performance.now(), abort: new AbortController() };
    (isProbe ? this.probes : this.attempts).add(attempt);
    return attempt;
  }

  /** The attempt succeeded. */
  connected(attempt: ConnectAttempt, session: SmtpSession): void {
    this.liveness.replied(attempt.since, false, performance.now());
    session.onReply(({ since, isMessage }) => this.liveness.replied(since, isMessage, performance.now()));
    session.onEnd(() => this.forget(session));
    this.attemptEnded(attempt);
  }

  /** The attempt failed. */
  connectFailed(attempt: ConnectAttempt): void {
    this.attemptEnded(attempt);
  }

  /** Lends a session to one more mail. */
  lend(session: SmtpSession): SmtpSession {
    session.users += 1;
    this.inUse.add(session);
    return session;
  }

  /** No mail uses the session any more. */
  returned(session: SmtpSession): void {
    this.remove(this.inUse, session);
  }

  /** Keeps the session idle for the next mail. */
  keepIdle(session: SmtpSession): void {
    this.idle.push({ session, since: performance.now() });
  }

  /** Lends the most recently used idle session. */
  lendIdle(): SmtpSession | undefined {
    for (;;) {
      const newest = this.idle.pop();
      if (!newest) return undefined;
      if (!newest.session.isRetired) return this.lend(newest.session);
      this.quit(newest.session);
    }
  }

  /**
   * Checks every wait at `now`: ends connections that were overtaken (see `SMTP_OVERTAKEN`), notes the slow ones, and
   * returns an error when the server has gone silent. A wait for the reply to a message is never ended, because only
   * that reply says whether the mail was accepted.
   */
  checkWaits(now: number): SmtpError | undefined {
    const waits = [...this.attemptWaits(), ...this.commandWaits()];
    for (const { since, moves, end } of waits)
      if (this.liveness.isOvertaken(since, moves, now)) end(overtaken());
    this.slow = new Set([
      ...waits.filter(({ since }) => this.liveness.isSlow(since, now)).map(({ on }) => on),
      ...[...this.inUse].filter(
        ({ pendingReply }) => pendingReply && this.liveness.isSlow(pendingReply.since, now),
      ),
    ]);
    const oldest = Math.min(...waits.map(({ since }) => since));
    return this.liveness.detectsSilence(oldest, now) ? silent() : undefined;
  }

  /** Closes sessions idle since `since` (`performance.now()`) or earlier. */
  quitIdle(since: number): void {
    while (this.idle[0] && this.idle[0].since <= since) this.quitOldest();
  }

  /** Closes the session that has been idle for longest. False when there is none. */
  quitOldest(): boolean {
    const oldest = this.idle.shift();
    if (oldest) this.quit(oldest.session);
    return oldest !== undefined;
  }

  /** Closes a session by QUIT. */
  quit(session: SmtpSession): void {
    const quit = session.quit().finally(() => this.quitting.delete(quit));
    this.quitting.add(quit);
  }

  /** Closes all sessions: idle ones at once, the others when they are returned, or after `graceMs` with `error`. */
  async close(graceMs: number, error: SmtpError): Promise<void> {
    while (this.quitOldest());
    const timer = setTimeout(() => {
      for (const session of this.inUse) session.end(error);
    }, graceMs);
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      this.checkDrained();
    });
    clearTimeout(timer);
    await Promise.all(this.quitting);
  }

  private attemptEnded(attempt: ConnectAttempt): void {
    this.remove(this.probes.has(attempt) ? this.probes : this.attempts, attempt);
  }

  private get counted(): number {
    return this.working + this.attempts.size;
  }

  private attemptWaits(): Wait[] {
    return [...this.attempts].map((on) => ({
      on,
      since: on.since,
      moves: 0,
      end: (error) => on.abort.abort(error),
    }));
  }

  private commandWaits(): Wait[] {
    return [...this.inUse].flatMap((on) => {
      const { pendingReply, moves } = on;
      if (!pendingReply || pendingReply.isMessage) return [];
      return [{ on, since: pendingReply.since, moves, end: (error: SmtpError) => on.end(error) }];
    });
  }

  private remove<T extends ConnectAttempt | SmtpSession>(from: Set<T>, one: T): void {
    from.delete(one);
    this.slow.delete(one);
    this.checkDrained();
  }

  private forget(session: SmtpSession): void {
    const index = this.idle.findIndex((one) => one.session === session);
    if (index >= 0) this.idle.splice(index, 1);
  }

  private checkDrained(): void {
    if (this.inUse.size + this.attempts.size + this.probes.size === 0) this.drained?.();
  }
}

/** A wait for anything but the reply to a message. */
interface Wait {
  readonly on: ConnectAttempt | SmtpSession;
  readonly since: number;
  readonly moves: number;
  readonly end: (error: SmtpError) => void;
}

function overtaken(): SmtpError {
  return new SmtpError('SMTP_OVERTAKEN', 'The mail server answered other connections, not this one');
}

function silent(): SmtpError {
  return new SmtpError('SMTP_SILENT', 'The mail server is silent on every connection');
}
