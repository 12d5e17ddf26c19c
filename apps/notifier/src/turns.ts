import pLimit, { type LimitFunction } from 'p-limit';

/** One whose message is being taken, and the next one, whose envelope stands behind that. */
const MAILS_ON_A_CONNECTION = 2;

/** Lets as many mails be sent at once as the connections can bear; those that wait long for an answer do not count. */
export class Turns {
  readonly limit: LimitFunction;
  private connections: number;
  private slowMails = 0;

  constructor(connections: number) {
    this.connections = connections;
    this.limit = pLimit(connections * MAILS_ON_A_CONNECTION);
  }

  /** So many connections may be used from now on. */
  allow(connections: number): void {
    this.connections = connections;
    this.update();
  }

  /** So many mails wait long for an answer. */
  slow(mails: number): void {
    this.slowMails = mails;
    this.update();
  }

  private update(): void {
    this.limit.concurrency = this.connections * MAILS_ON_A_CONNECTION + this.slowMails;
  }
}
