/** How long a slow reply is remembered, in milliseconds. */
const REMEMBERED_MS = 10 * 60_000;
/** After an alarm the server is tried this often within the time that made it count as silent. */
const TRIES = 5;
/** A server may take twice as long as it recently did. */
const MARGIN = 2;

/** The longest of the recent times. Once it is forgotten, the next time takes its place, however short. */
class RecentMaximum {
  private ms = 0;
  private until = -Infinity;

  record(ms: number, now: number): void {
    if (ms < this.ms && now < this.until) return;
    this.ms = ms;
    this.until = now + REMEMBERED_MS;
  }

  at(now: number): number {
    return now < this.until ? this.ms : 0;
  }
}

/**
 * Judges a mail server by its replies on all connections together: whether it is slow, gone, or has lost track of one
 * connection. Nothing here ends a wait for its length alone, because RFC 5321 §4.5.3.2 grants minutes. Times are
 * `performance.now()`.
 */
export class ServerLiveness {
  /** How long a server may take before it is judged at all, in milliseconds. */
  private readonly leastMs: number;
  private repliedAt = -Infinity;
  /** When the latest command that has been answered was sent. */
  private latestAnswered = -Infinity;
  private readonly silence = new RecentMaximum();
  private readonly replyTime = new RecentMaximum();
  /** Alarms since the server last replied to a message. */
  private alarms = 0;
  private isReported = false;

  constructor(leastMs: number) {
    this.leastMs = leastMs;
  }

  /** Records a reply to what was sent at `since`. `isMessage`: it is the reply to a message. */
  replied(since: number, isMessage: boolean, now: number): void {
    if (isMessage) this.alarms = 0;
    else {
      this.silence.record(now - Math.max(since, this.repliedAt), now);
      this.replyTime.record(now - since, now);
    }
    this.repliedAt = now;
    this.latestAnswered = Math.max(this.latestAnswered, since);
    this.isReported = false;
  }

  /**
   * Whether the server has gone silent: a reply is due since `since`, and nothing came on any connection for longer than
   * it recently took. True once per silence. Each further alarm takes twice as long, until a message is answered.
   */
  detectsSilence(since: number, now: number): boolean {
    const least = this.leastMs * 2 ** this.alarms;
    const limit = Math.max(least, MARGIN * this.silence.at(now));
    if (this.isReported || now - Math.max(since, this.repliedAt) < limit) return false;
    this.isReported = true;
    this.alarms += 1;
    return true;
  }

  /**
   * Whether to give up a connection that has waited since `since`: the server has answered later commands elsewhere. The
   * limit doubles with each of `moves`, the times that this mail has already been moved, so that a mail that is slow on
   * every connection gets its reply in the end.
   */
  isOvertaken(since: number, moves: number, now: number): boolean {
    const limit = Math.max(this.leastMs, MARGIN * this.replyTime.at(now)) * 2 ** moves;
    return this.latestAnswered > since && now - since >= limit;
  }

  /**
   * Whether a connection waits longer than servers usually take. The limit is short between an alarm and the next reply
   * to a message, so that every second another connection may find out whether the server is back.
   */
  isSlow(since: number, now: number): boolean {
    return now - since >= (this.alarms > 0 ? this.leastMs / TRIES : this.leastMs);
  }
}
