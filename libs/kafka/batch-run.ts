import type { RawRecord } from '#events';
import type { RecordBatch } from '#delivery';
import type { Batch } from 'kafkajs';
import { KafkaError } from './kafka-error.ts';
import { OffsetTracker } from './offset-tracker.ts';

/** Records settled behind an unsettled one, by offset with their timestamp: they need no work when fetched again. */
export type SettledAhead = ReadonlyMap<string, number>;

/** How long a batch may be worked, and how long work that was told to end is waited for. */
export interface WorkLimits {
  readonly workMs: number;
  readonly drainMs: number;
}

/** A record and its place in its batch, so that settling it needs no look-up. */
interface PlacedRecord extends RawRecord {
  readonly index: number;
}

export interface BatchRunOptions {
  readonly batch: Batch;
  /** Without prefix. */
  readonly topic: string;
  readonly settledAhead: SettledAhead;
  readonly fence: () => Promise<void>;
  readonly limits: WorkLimits;
}

/** One batch while it is worked: what its handler sees of it, and what has become of its records. */
export class BatchRun implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RawRecord[];
  readonly signal: AbortSignal;
  /** Resolves when its work was told to end and has not ended in time. */
  readonly abandoned: Promise<void>;
  private readonly all: readonly PlacedRecord[];
  private readonly tracker: OffsetTracker;
  private readonly passFence: () => Promise<void>;
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;
  private ended = false;

  constructor({ batch, topic, settledAhead, fence, limits }: BatchRunOptions) {
    this.topic = topic;
    this.partition = batch.partition;
    this.passFence = fence;
    this.signal = this.controller.signal;
    this.all = placedRecords(batch, topic);
    this.tracker = new OffsetTracker(this.all.map(({ offset }) => offset));
    this.records = settledAhead.size === 0 ? this.all : this.withoutSettled(settledAhead);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.abandoned = promise;
    const timeUp = new KafkaError('time-up', 'the time of the batch is up', { retryable: true });
    this.timer = setTimeout(() => this.abort(timeUp), limits.workMs);
    this.signal.addEventListener('abort', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(resolve, limits.drainMs);
    });
  }

  settled(record: RawRecord): void {
    const { index } = record as PlacedRecord;
    if (this.all[index]?.offset !== record.offset) {
      throw new Error(`${record.topic}/${record.partition}@${record.offset} is no record of this batch`);
    }
    this.tracker.settle(index);
  }

  fence(): Promise<void> {
    if (this.ended)
      return Promise.reject(new KafkaError('partition-lost', 'the batch has ended', { retryable: true }));
    return this.passFence();
  }

  /** Tells the work to end. */
  abort(reason: KafkaError): void {
    if (!this.ended) this.controller.abort(reason);
  }

  /** From now on nobody asks what the handler still does, and it passes no fence. */
  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** How many records from the batch's first are settled without a gap. */
  get front(): number {
    return this.tracker.front;
  }

  get finished(): boolean {
    return this.tracker.front === this.all.length;
  }

  get commitOffset(): string | undefined {
    return this.tracker.commitOffset;
  }

  /** The last offset that is settled without a gap. */
  get settledOffset(): string | undefined {
    return this.all[this.tracker.front - 1]?.offset;
  }

  /** Kafka's timestamp of the first unsettled record. */
  get oldestUnsettled(): number | undefined {
    return this.all[this.tracker.front]?.timestamp;
  }

  settledAhead(): SettledAhead {
    const ahead = new Map<string, number>();
    for (const index of this.tracker.beyondFront()) {
      const record = this.all[index];
      if (record) ahead.set(record.offset, record.timestamp);
    }
    return ahead;
  }

  private withoutSettled(settledAhead: SettledAhead): RawRecord[] {
    return this.all.filter((record) => {
      const known = settledAhead.get(record.offset) === record.timestamp;
      if (known) this.tracker.settle(record.index);
      return !known;
    });
  }
}

function placedRecords({ messages, partition }: Batch, topic: string): PlacedRecord[] {
  return messages.map(({ offset, key, value, headers, timestamp }, index) => ({
    topic,
    partition,
    offset,
    key,
    value,
    headers: headers ?? NO_HEADERS,
    timestamp: Number(timestamp),
    index,
  }));
}

const NO_HEADERS = {};
