import { Hearing } from './hearing.ts';
import type { SmtpSession } from './session.ts';
import { SmtpError } from './smtp-error.ts';

/** A connection that is being set up. */
export interface Opening {
  /** `performance.now()`. */
  readonly since: number;
  readonly end: AbortController;
}

/**
 * All connections to one server (set up now, lent to mails, unused, closing) and what is heard on all of them together.
 * One that waits long for an answer is slow and does not count against the limit: a mail that the server thinks about
 * for ten minutes must not keep others waiting. Of these there may be as many as the limit was at first; beyond that
 * one connection at a time is added, to learn whether the server has become quick.
 */
export class Connections {
  private readonly openings = new Set<Opening>();
  /** Those that no mail waits for; they do not count against the limit. */
  private readonly probes = new Set<Opening>();
  private readonly lent = new Set<SmtpSession>();
  /** The one used last is at the end, and taken first: the others may grow old and go. */
  private readonly idle: { readonly session: SmtpSession; readonly since: number }[] = [];
  private readonly quitting = new Set<Promise<void>>();
  /** Those that did not count at the last look. */
  private slow = new Set<Opening | SmtpSession>();
  private readonly hearing: Hearing;
  private readonly mostSlow: number;
  private drained: (() => void) | undefined;

  constructor(silentMs: number, mostSlow: number) {
    this.hearing = new Hearing(silentMs);
    this.mostSlow = mostSlow;
  }

  get total(): number {
    return this.counted + this.probes.size;
  }

  /** Those that carry mails or could. */
  get working(): number {
    return this.idle.length + this.lent.size;
  }

  /** How many that are being set up are expected soon. */
  get openingSoon(): number {
    return [...this.openings].filter((opening) => !this.slow.has(opening)).length;
  }

  /** How many mails wait long for an answer. */
  get slowMails(): number {
    // Asked for each mail, and almost never any.
    if (this.slow.size === 0) return 0;
    return [...this.lent].filter((session) => this.slow.has(session)).length;
  }

  /** Whether none may be added. */
  isFull(limit: number): boolean {
    const quick = this.counted - this.slow.size;
    const tooSlow = Math.max(0, this.slow.size - this.mostSlow);
    return quick >= limit || (quick > 0 && quick + tooSlow >= limit);
  }

  /** Whether one more that is ready would be too many, whatever is being set up: that may take longer. */
  isFullWithout(limit: number): boolean {
    return this.working - this.slowMails >= limit;
  }

  /** Whether there are more than may be. */
  isAbove(limit: number): boolean {
    return this.counted - this.slow.size > limit;
  }

  /** One begins to be set up, for a mail or as a probe. */
  opens(isProbe: boolean): Opening {
    const opening = { since: performance.now(), end: new AbortController() };
    (isProbe ? this.probes : this.openings).add(opening);
    return opening;
  }

  /** It was set up. */
  opened(opening: Opening, session: SmtpSession): void {
    this.hearing.heard(opening.since, false, performance.now());
    session.onReply(({ since, isMessage }) => this.hearing.heard(since, isMessage, performance.now()));
    session.onEnd(() => this.forget(session));
    this.settled(opening);
  }

  /** It could not be set up. */
  notOpened(opening: Opening): void {
    this.settled(opening);
  }

  lend(session: SmtpSession): SmtpSession {
    session.users += 1;
    this.lent.add(session);
    return session;
  }

  /** Nobody uses it any more. */
  returned(session: SmtpSession): void {
    this.left(this.lent, session);
  }

  /** Keeps it for the next mail. */
  keep(session: SmtpSession): void {
    this.idle.push({ session, since: performance.now() });
  }

  /** Lends the unused one that was used last. */
  lendIdle(): SmtpSession | undefined {
    for (;;) {
      const newest = this.idle.pop();
      if (!newest) return undefined;
      if (!newest.session.isRetired) return this.lend(newest.session);
      this.quit(newest.session);
    }
  }

  /**
   * Looks at what waits at `now`: gives up what the server has forgotten, and returns an error when it says nothing at
   * all. What waits behind a final dot is left alone, for its answer tells whether the mail was taken.
   */
  look(now: number): SmtpError | undefined {
    const waits = [...this.openingWaits(), ...this.commandWaits()];
    for (const { since, moves, end } of waits)
      if (this.hearing.isOvertaken(since, moves, now)) end(overtaken());
    this.slow = new Set([
      ...waits.filter(({ since }) => this.hearing.isLong(since, now)).map(({ of }) => of),
      ...[...this.lent].filter(({ awaits }) => awaits && this.hearing.isLong(awaits.since, now)),
    ]);
    const oldest = Math.min(...waits.map(({ since }) => since));
    return this.hearing.tellsSilence(oldest, now) ? silent() : undefined;
  }

  /** Closes those that are unused since then (`performance.now()`). */
  quitUnused(since: number): void {
    while (this.idle[0] && this.idle[0].since <= since) this.quitOldest();
  }

  /** Closes the one that is unused for longest; false when there is none. */
  quitOldest(): boolean {
    const oldest = this.idle.shift();
    if (oldest) this.quit(oldest.session);
    return oldest !== undefined;
  }

  quit(session: SmtpSession): void {
    const quit = session.quit().finally(() => this.quitting.delete(quit));
    this.quitting.add(quit);
  }

  /** Closes all: unused ones at once, the others when they are returned, or after `graceMs` by `error`. */
  async close(graceMs: number, error: SmtpError): Promise<void> {
    while (this.quitOldest());
    const timer = setTimeout(() => {
      for (const session of this.lent) session.end(error);
    }, graceMs);
    await new Promise<void>((resolve) => {
      this.drained = resolve;
      this.checkDrained();
    });
    clearTimeout(timer);
    await Promise.all(this.quitting);
  }

  private settled(opening: Opening): void {
    this.left(this.probes.has(opening) ? this.probes : this.openings, opening);
  }

  private get counted(): number {
    return this.working + this.openings.size;
  }

  private openingWaits(): Waiting[] {
    return [...this.openings].map((of) => ({
      of,
      since: of.since,
      moves: 0,
      end: (error) => of.end.abort(error),
    }));
  }

  private commandWaits(): Waiting[] {
    return [...this.lent].flatMap((of) => {
      const { awaits, moves } = of;
      if (!awaits || awaits.isMessage) return [];
      return [{ of, since: awaits.since, moves, end: (error: SmtpError) => of.end(error) }];
    });
  }

  private left<T extends Opening | SmtpSession>(from: Set<T>, one: T): void {
    from.delete(one);
    this.slow.delete(one);
    this.checkDrained();
  }

  private forget(session: SmtpSession): void {
    const index = this.idle.findIndex((one) => one.session === session);
    if (index >= 0) this.idle.splice(index, 1);
  }

  private checkDrained(): void {
    if (this.lent.size + this.openings.size + this.probes.size === 0) this.drained?.();
  }
}

/** What waits for an answer that is not about a message. */
interface Waiting {
  readonly of: Opening | SmtpSession;
  readonly since: number;
  readonly moves: number;
  readonly end: (error: SmtpError) => void;
}

function overtaken(): SmtpError {
  return new SmtpError('SMTP_OVERTAKEN', 'The mail server answered other connections, not this one');
}

function silent(): SmtpError {
  return new SmtpError('SMTP_SILENT', 'The mail server says nothing, on no connection');
}
