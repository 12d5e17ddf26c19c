import { KafkaError } from '../kafkajs/kafka-error.ts';

/** One call of `publish`: counts the records that are not acknowledged yet, and gives up at its deadline or abort. */
export class PublishCall {
  readonly promise: Promise<void>;
  private readonly resolve: () => void;
  private readonly reject: (error: KafkaError) => void;
  private readonly timer: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;
  private lastFailure: KafkaError | undefined;
  private unacknowledged: number;
  private ended = false;

  constructor(records: number, withinMs: number, signal: AbortSignal | undefined) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.promise = promise;
    this.resolve = resolve;
    this.reject = reject;
    this.unacknowledged = records;
    this.signal = signal;
    this.timer = setTimeout(() => this.giveUp(`within ${withinMs} ms`), withinMs);
    signal?.addEventListener('abort', this.aborted);
    if (signal?.aborted) this.aborted();
  }

  /** Whether the call has ended: all is acknowledged, or it has failed. */
  get over(): boolean {
    return this.ended;
  }

  acknowledged(): void {
    this.unacknowledged--;
    if (this.unacknowledged === 0 && this.end()) this.resolve();
  }

  failed(error: KafkaError): void {
    if (this.end()) this.reject(error);
  }

  /** Notes why a send was not acknowledged, for the error in case it never is. */
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
    if (this.ended) return false;
    this.ended = true;
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.aborted);
    return true;
  }
}
