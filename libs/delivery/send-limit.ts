import pLimit, { type LimitFunction } from 'p-limit';

/** One whose message is being sent, and the next one, whose envelope is pipelined after it. */
const MAILS_PER_CONNECTION = 2;

/** A place in the queue; without `work` nothing is left to do when its turn comes. */
interface Queued<T> {
  work: (() => Promise<T>) | undefined;
}

/** Limits how many mails are sent at once to what the connections can carry. */
export class SendLimit {
  private readonly limit: LimitFunction;
  private readonly mailsPerConnection: number;
  private connections: number;
  private slowMails = 0;

  constructor(connections: number, mailsPerConnection = MAILS_PER_CONNECTION) {
    this.connections = connections;
    this.mailsPerConnection = mailsPerConnection;
    this.limit = pLimit(connections * mailsPerConnection);
  }

  /** How many mails may be sent at once. */
  get concurrency(): number {
    return this.limit.concurrency;
  }

  /** How many places of the queue are taken. */
  get queued(): number {
    return this.limit.pendingCount;
  }

  /** Sets how many connections may be used from now on. */
  setConnections(connections: number): void {
    this.connections = connections;
    this.update();
  }

  /** Sets how many mails wait long for an answer: they do not count. */
  setSlowMails(mails: number): void {
    this.slowMails = mails;
    this.update();
  }

  /**
   * Does `work` when its turn comes, or resolves with `unused` as soon as `signal` aborts before that. p-limit cannot
   * take one function out of its queue, so what stays there until its turn must hold nothing: neither the work, which
   * holds a whole batch of records, nor the signal, whose listeners may.
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | 'unused'> {
    if (signal.aborted) return 'unused';
    const queued: Queued<T> = { work };
    const left = Promise.withResolvers<'unused'>();
    const leave = (): void => {
      if (!queued.work) return;
      queued.work = undefined;
      left.resolve('unused');
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.limit(begin<T>, queued), left.promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private update(): void {
    this.limit.concurrency = this.connections * this.mailsPerConnection + this.slowMails;
  }
}

async function begin<T>(queued: Queued<T>): Promise<T | 'unused'> {
  const { work } = queued;
  queued.work = undefined;
  return work ? work() : 'unused';
}
