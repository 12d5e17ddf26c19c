import { KafkaError } from '../kafkajs/kafka-error.ts';

/** One call of `publish`: how many of its records are not yet acknowledged, and until when it waits for them. */
export class PublishCall {
  readonly promise: Promise<void>;
  private readonly resolve: () => void;
  private readonly reject: (error: KafkaError) => void;
  private readonly timer: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;
  private lastFailure: KafkaError | undefined;
  private waiting: number;
  private settled = false;

  constructor(records: number, withinMs: number, signal: AbortSignal | undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.promise = promise;
    this.resolve = resolve;
    this.reject = reject;
    this.waiting = records;
    this.signal = signal;
    this.timer = setTimeout(() => this.giveUp(`within ${withinMs} ms`), withinMs);
    signal?.addEventListener('abort', this.aborted);
    if (signal?.aborted) this.aborted();
  }

  /** Nobody waits any more: all acknowledged, or given up. */
  get over(): boolean {
    return this.settled;
  }

  acknowledged(): void {
    this.waiting--;
    if (this.waiting === 0 && this.end()) this.resolve();
  }

  failed(error: KafkaError): void {
    if (this.end()) this.reject(error);
  }

  /** Remembers why it is not acknowledged yet, for the error if it never is. */
  delayed(failure: KafkaError): void {
    this.lastFailure = failure;
  }

  private readonly aborted = (): void => this.giveUp('before the abort');

  private giveUp(until: string): void {
    const why = this.lastFailure ? `: ${this.lastFailure.message}` : '';
    const options = { retryable: true, cause: this.lastFailure };
    this.failed(
      new KafkaError('unacknowledged', `Kafka did not acknowledge every record ${until}${why}`, options),
    );
  }

  private end(): boolean {
    if (this.settled) return false;
    this.settled = true;
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.aborted);
    return true;
  }
}
