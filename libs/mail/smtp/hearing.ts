/** How long a slow answer is remembered, in milliseconds. */
const REMEMBERED_MS = 10 * 60_000;
/** In the time after which a server counts as silent, it is tried so often once it did. */
const TRIES = 5;
/** A server may take twice as long as it did lately. */
const MARGIN = 2;

/** The longest of the recent times; a forgotten one is followed by whatever comes next. */
class Longest {
  private ms = 0;
  private until = -Infinity;

  note(ms: number, now: number): void {
    if (ms < this.ms && now < this.until) return;
    this.ms = ms;
    this.until = now + REMEMBERED_MS;
  }

  at(now: number): number {
    return now < this.until ? this.ms : 0;
  }
}

/**
 * What was heard from a mail server on all connections together, and what that says of a connection that waits: whether
 * the server is slow, gone, or has forgotten this connection. Nothing here ends a wait because of its length alone: RFC
 * 5321 §4.5.3.2 grants minutes. Times are `performance.now()`.
 */
export class Hearing {
  /** What a server may take before anything is thought of it, in milliseconds. */
  private readonly leastMs: number;
  private heardAt = -Infinity;
  /** When the latest of the questions that have an answer was asked. */
  private answeredSince = -Infinity;
  private readonly silence = new Longest();
  private readonly answer = new Longest();
  /** Silences that were told since the server last took or refused a message. */
  private alarms = 0;
  private isTold = false;

  constructor(leastMs: number) {
    this.leastMs = leastMs;
  }

  /** A reply came to what was asked at `since`; `isOfMessage`: it is the one behind a final dot. */
  heard(since: number, isOfMessage: boolean, now: number): void {
    if (isOfMessage) this.alarms = 0;
    else {
      this.silence.note(now - Math.max(since, this.heardAt), now);
      this.answer.note(now - since, now);
    }
    this.heardAt = now;
    this.answeredSince = Math.max(this.answeredSince, since);
    this.isTold = false;
  }

  /**
   * Whether the server is to be called silent: it was asked at `since` at the latest, and said nothing at all for longer
   * than it lately did. Says so once; until a message is answered, the next time takes twice as long.
   */
  tellsSilence(since: number, now: number): boolean {
    const least = this.leastMs * 2 ** this.alarms;
    const limit = Math.max(least, MARGIN * this.silence.at(now));
    if (this.isTold || now - Math.max(since, this.heardAt) < limit) return false;
    this.isTold = true;
    this.alarms += 1;
    return true;
  }

  /**
   * Whether a connection that waits since then is to be given up: the server answered what it was asked later. A mail that
   * was moved so often already waits twice as long each time, so that one which is slow everywhere gets its answer.
   */
  isOvertaken(since: number, moves: number, now: number): boolean {
    const limit = Math.max(this.leastMs, MARGIN * this.answer.at(now)) * 2 ** moves;
    return this.answeredSince > since && now - since >= limit;
  }

  /**
   * Whether a connection waits for longer than servers usually take. After an alarm, until a message is answered, that is
   * said soon: each second another connection may show whether the server has come back.
   */
  isLong(since: number, now: number): boolean {
    return now - since >= (this.alarms > 0 ? this.leastMs / TRIES : this.leastMs);
  }
}
