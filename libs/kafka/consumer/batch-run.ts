import type { RawRecord } from '#events';
import type { RecordBatch } from '#delivery';
import type { Batch, KafkaMessage } from '../kafkajs/kafka-client.ts';
import { FetchedRecord } from '../kafkajs/fetched-record.ts';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { OffsetTracker } from './offset-tracker.ts';

/** Records settled behind an unsettled one, by offset with their timestamp: they need no work when fetched again. */
export type SettledAhead = ReadonlyMap<string, number>;

/** How long a batch may be worked, and how long work that was told to end is waited for. */
export interface WorkLimits {
  readonly workMs: number;
  readonly drainMs: number;
}

/** A record and its place in its batch, so that settling it needs no look-up. All else is read each time it is asked for. */
class PlacedRecord implements RawRecord {
  readonly index: number;
  private readonly message: KafkaMessage;
  private readonly run: BatchRun;

  constructor(run: BatchRun, message: KafkaMessage, index: number) {
    this.run = run;
    this.message = message;
    this.index = index;
  }

  get topic(): string {
    return this.run.topic;
  }

  get partition(): number {
    return this.run.partition;
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

export interface BatchRunOptions {
  readonly batch: Batch;
  /** Without prefix. */
  readonly topic: string;
  readonly settledAhead: SettledAhead;
  readonly fence: () => Promise<void>;
  /** Told of each record that is settled, once. */
  readonly onSettled: () => void;
  readonly limits: WorkLimits;
}

/** One batch while it is worked: what its handler sees of it, and what has become of its records. */
export class BatchRun implements RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RawRecord[];
  readonly signal: AbortSignal;
  /** What its records hold of memory, in bytes. */
  readonly bytes: number;
  /** The offset of its first record. */
  readonly first: string;
  /** The offset behind all of it, markers and what was compacted included. */
  readonly end: string;
  /** Resolves when its work was told to end and has not ended in time. */
  readonly abandoned: Promise<void>;
  /** Resolves when nobody waits for its work any more. */
  readonly over: Promise<void>;
  private readonly all: readonly PlacedRecord[];
  private readonly tracker: OffsetTracker;
  private readonly passFence: () => Promise<void>;
  private readonly onSettled: () => void;
  private readonly controller = new AbortController();
  private readonly markOver: () => void;
  private timer: NodeJS.Timeout;
  private ended = false;

  constructor({ batch, topic, settledAhead, fence, onSettled, limits }: BatchRunOptions) {
    this.topic = topic;
    this.partition = batch.partition;
    this.end = String(BigInt(batch.lastOffset()) + 1n);
    this.passFence = fence;
    this.onSettled = onSettled;
    this.signal = this.controller.signal;
    this.all = batch.messages.map((message, index) => new PlacedRecord(this, message, index));
    this.bytes = batch.messages.reduce((sum, message) => sum + bytesOf(message), 0);
    this.first = this.all[0]?.offset ?? batch.lastOffset();
    this.tracker = new OffsetTracker(this.all.length);
    this.records = settledAhead.size === 0 ? this.all : this.withoutSettled(settledAhead);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.abandoned = promise;
    const over = Promise.withResolvers<void>();
    this.over = over.promise;
    this.markOver = over.resolve;
    const timeUp = new KafkaError('time-up', 'the time of the batch is up', { retryable: true });
    this.timer = setTimeout(() => this.abort(timeUp), limits.workMs);
    this.signal.addEventListener('abort', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(resolve, limits.drainMs);
    });
  }

  settled(record: RawRecord): void {
    const { index } = record as PlacedRecord;
    if (this.all[index] !== record) {
      throw new Error(`${record.topic}/${record.partition}@${record.offset} is no record of this batch`);
    }
    if (this.tracker.settle(index) && !this.ended) this.onSettled();
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
  close(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.markOver();
  }

  /** How many records from the batch's first are settled without a gap. */
  get front(): number {
    return this.tracker.front;
  }

  get unsettled(): number {
    return this.tracker.unsettled;
  }

  get finished(): boolean {
    return this.tracker.unsettled === 0;
  }

  /** The next offset to be settled. */
  get position(): string {
    return this.all[this.tracker.front]?.offset ?? this.end;
  }

  /** Kafka's timestamp of the first unsettled record. */
  get oldestUnsettled(): number | undefined {
    return this.all[this.tracker.front]?.timestamp;
  }

  /** What is settled behind a gap, or behind an earlier batch's gap. */
  settledAhead(isFirst: boolean): [offset: string, timestamp: number][] {
    const settled = isFirst ? [] : this.all.slice(0, this.tracker.front);
    for (const index of this.tracker.beyondFront()) {
      const record = this.all[index];
      if (record) settled.push(record);
    }
    return settled.map(({ offset, timestamp }) => [offset, timestamp]);
  }

  private withoutSettled(settledAhead: SettledAhead): RawRecord[] {
    return this.all.filter((record) => {
      const known = settledAhead.get(record.offset) === record.timestamp;
      if (known) this.tracker.settle(record.index);
      return !known;
    });
  }
}

function bytesOf(message: KafkaMessage): number {
  return message instanceof FetchedRecord ? message.byteLength : (message.value?.length ?? 0);
}
