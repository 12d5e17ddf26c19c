import type { RawRecord } from '#events';
import type { RecordBatch } from '#delivery';
import { FetchedRecord } from '../kafkajs/fetched-record.ts';
import type { Batch, KafkaMessage } from '../kafkajs/kafka-client.ts';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { OffsetTracker } from './offset-tracker.ts';

/**
 * Timestamps, by offset, of records that were acknowledged behind an unacknowledged one. Fetched again, they need no
 * processing; the timestamp shows whether it is the same record.
 */
export type AckedAhead = ReadonlyMap<string, number>;

/** How long a batch may be processed, and how long to wait for its handler after it was aborted. */
export interface ProcessingLimits {
  readonly processingMs: number;
  readonly drainMs: number;
}

/** A record that knows its index in its batch, so that `ack` needs no look-up. All else is decoded when read. */
class PlacedRecord implements RawRecord {
  readonly index: number;
  private readonly message: KafkaMessage;
  private readonly batch: InFlightBatch;

  constructor(batch: InFlightBatch, message: KafkaMessage, index: number) {
    this.batch = batch;
    this.message = message;
    this.index = index;
  }

  get topic(): string {
    return this.batch.topic;
  }

  get partition(): number {
    return this.batch.partition;
  }

  get offset(): string {
    return this.message.offset;
  }

  get key(): Buffer | null {
    return this.message.key;
  }

  get value(): Buffer | null {
    return this.message.value;
  }

  get timestamp(): number {
    return Number(this.message.timestamp);
  }

  get headers(): RawRecord['headers'] {
    return this.message.headers ?? {};
  }
}

export interface InFlightBatchOptions {
  readonly batch: Batch;
  /** Without prefix. */
  readonly topic: string;
  readonly ackedAhead: AckedAhead;
  readonly fence: () => Promise<void>;
  /** Called once for each record that is acknowledged. */
  readonly onAck: () => void;
  readonly limits: ProcessingLimits;
}

/** A batch while it is processed: what its handler sees of it, and which of its records are acknowledged. */
export class InFlightBatch implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RawRecord[];
  readonly signal: AbortSignal;
  /** The memory that its records hold. */
  readonly bytes: number;
  readonly firstOffset: string;
  /** The offset after the batch, including control records and compacted ones. */
  readonly endOffset: string;
  /** Resolves when the batch was aborted and its handler has not returned in time. */
  readonly abandoned: Promise<void>;
  /** Resolves when its handler is no longer waited for. */
  readonly ended: Promise<void>;
  private readonly all: readonly PlacedRecord[];
  private readonly tracker: OffsetTracker;
  private readonly passFence: () => Promise<void>;
  private readonly onAck: () => void;
  private readonly controller = new AbortController();
  private readonly resolveEnded: () => void;
  private timer: NodeJS.Timeout;
  private hasEnded = false;

  constructor({ batch, topic, ackedAhead, fence, onAck, limits }: InFlightBatchOptions) {
    this.topic = topic;
    this.partition = batch.partition;
    this.endOffset = String(BigInt(batch.lastOffset()) + 1n);
    this.passFence = fence;
    this.onAck = onAck;
    this.signal = this.controller.signal;
    this.all = batch.messages.map((message, index) => new PlacedRecord(this, message, index));
    this.bytes = batch.messages.reduce((sum, message) => sum + bytesOf(message), 0);
    this.firstOffset = this.all[0]?.offset ?? batch.lastOffset();
    this.tracker = new OffsetTracker(this.all.length);
    this.records = ackedAhead.size === 0 ? this.all : this.withoutAcked(ackedAhead);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.abandoned = promise;
    const ended = Promise.withResolvers<void>();
    this.ended = ended.promise;
    this.resolveEnded = ended.resolve;
    this.timer = setTimeout(() => this.abort(timeUp()), limits.processingMs);
    this.signal.addEventListener('abort', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(resolve, limits.drainMs);
    });
  }

  ack(record: RawRecord): void {
    const { index } = record as PlacedRecord;
    if (this.all[index] !== record) {
      throw new Error(`${record.topic}/${record.partition}@${record.offset} is no record of this batch`);
    }
    if (this.tracker.ack(index) && !this.hasEnded) this.onAck();
  }

  fence(): Promise<void> {
    if (this.hasEnded)
      return Promise.reject(new KafkaError('partition-lost', 'the batch has ended', { retryable: true }));
    return this.passFence();
  }

  /** Asks the handler to stop. */
  abort(reason: KafkaError): void {
    if (!this.hasEnded) this.controller.abort(reason);
  }

  /** Ends the batch: what its handler still does has no effect, and it passes no fence. */
  end(): void {
    this.hasEnded = true;
    clearTimeout(this.timer);
    this.resolveEnded();
  }

  /** The number of records acknowledged without a gap, from the first. */
  get ackedInOrder(): number {
    return this.tracker.front;
  }

  get unacked(): number {
    return this.tracker.unacked;
  }

  get isFullyAcked(): boolean {
    return this.tracker.unacked === 0;
  }

  /** The offset up to which, exclusively, the batch is acknowledged without a gap. */
  get ackedTo(): string {
    return this.all[this.tracker.front]?.offset ?? this.endOffset;
  }

  /** Kafka's timestamp of the first unacknowledged record. */
  get oldestUnacked(): number | undefined {
    return this.all[this.tracker.front]?.timestamp;
  }

  /** The records acknowledged behind a gap: in this batch or, unless it is the partition's first, in one before it. */
  ackedAhead(isFirst: boolean): [offset: string, timestamp: number][] {
    const acked = isFirst ? [] : this.all.slice(0, this.tracker.front);
    for (const index of this.tracker.beyondFront()) {
      const record = this.all[index];
      if (record) acked.push(record);
    }
    return acked.map(({ offset, timestamp }) => [offset, timestamp]);
  }

  private withoutAcked(ackedAhead: AckedAhead): RawRecord[] {
    return this.all.filter((record) => {
      const isAcked = ackedAhead.get(record.offset) === record.timestamp;
      if (isAcked) this.tracker.ack(record.index);
      return !isAcked;
    });
  }
}

function timeUp(): KafkaError {
  return new KafkaError('time-up', 'the time of the batch is up', { retryable: true });
}

function bytesOf(message: KafkaMessage): number {
  return message instanceof FetchedRecord ? message.byteLength : (message.value?.length ?? 0);
}
