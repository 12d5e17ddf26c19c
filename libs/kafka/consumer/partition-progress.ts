import type { InFlightBatch, AckedAhead } from './in-flight-batch.ts';

const NOTHING_AHEAD: AckedAhead = new Map();

/** Where to fetch again, and when. */
export interface Rewind {
  readonly offset: string;
  /** Epoch ms. */
  readonly resumeAt: number;
}

/**
 * One assigned partition: its batches in flight, in the order in which they were fetched, and how far they are acknowledged
 * without a gap. When a batch ends with unacknowledged records, the partition accepts no more until all its batches have ended,
 * and is then fetched again from the gap.
 */
export class PartitionProgress {
  /** As it is in Kafka. */
  readonly topic: string;
  readonly partition: number;
  /** As Kafka reported it last. */
  highWatermark = 0;
  /** The offset that the group had committed before us, or where the log begins; -1 for neither. */
  committed = -1;
  /** When a batch was last accepted or ended, epoch ms. */
  lastProgressAt: number;
  /** Why the partition cannot be read any further; `undefined` while it can, as far as we know. */
  unreadable: string | undefined;
  private readonly batches: InFlightBatch[] = [];
  private inFlight = 0;
  private ackedTo: string | undefined;
  /** The offset that `advance` returned last. */
  private advancedTo: string | undefined;
  private fetchedTo: string | undefined;
  private gap: { resumeAt: number } | undefined;
  private ahead: AckedAhead = NOTHING_AHEAD;
  private aheadTo = 0n;
  private oldestAtRewind: number | undefined;

  constructor(topic: string, partition: number, now: number) {
    this.topic = topic;
    this.partition = partition;
    this.lastProgressAt = now;
  }

  /** The first offset that is not acknowledged; -1 before anything was fetched. */
  get position(): number {
    return Number(this.ackedTo ?? -1);
  }

  /** The offset to commit; `undefined` before anything was fetched. */
  get commitOffset(): string | undefined {
    return this.ackedTo;
  }

  /** The next offset to fetch; `undefined` before anything was fetched, and while a gap waits to be fetched again. */
  get fetchOffset(): string | undefined {
    return this.gap ? undefined : this.fetchedTo;
  }

  get hasGap(): boolean {
    return this.gap !== undefined;
  }

  /** Kafka's timestamp of the oldest unacknowledged record that was fetched; `undefined` when there is none. */
  get oldestUnacked(): number | undefined {
    return this.batches[0]?.oldestUnacked ?? this.oldestAtRewind;
  }

  /** Whether a batch that begins at this offset is in flight already, fetched once more after a rejoin. */
  overlaps(firstOffset: string): boolean {
    return this.inFlight > 0 && this.fetchedTo !== undefined && BigInt(firstOffset) < BigInt(this.fetchedTo);
  }

  /** Which records of a batch that begins at this offset may be acknowledged already. */
  ackedAhead(firstOffset: string): AckedAhead {
    if (BigInt(firstOffset) >= this.aheadTo) this.ahead = NOTHING_AHEAD;
    return this.ahead;
  }

  /** Adds a batch that is about to be processed. */
  begin(batch: InFlightBatch, highWatermark: string): void {
    this.advancedTo ??= batch.firstOffset;
    if (this.batches.length === 0) {
      this.ackedTo = batch.ackedTo;
      this.oldestAtRewind = undefined;
    }
    this.batches.push(batch);
    this.inFlight += 1;
    this.fetchedTo = batch.endOffset;
    this.highWatermark = Number(highWatermark);
    this.hasRead();
  }

  /** Skips control records, aborted transactions and compacted records, up to and including `lastOffset`. */
  skip(lastOffset: string): void {
    this.fetchedTo = String(BigInt(lastOffset) + 1n);
    this.hasRead();
  }

  private hasRead(): void {
    this.lastProgressAt = Date.now();
    this.unreadable = undefined;
  }

  /** Advances over what is acknowledged. Returns the offset to commit, or `undefined` when it has not changed. */
  advance(): string | undefined {
    while (this.batches[0]?.isFullyAcked) this.batches.shift();
    this.ackedTo = this.batches[0]?.ackedTo ?? this.fetchedTo;
    if (this.ackedTo === this.advancedTo) return undefined;
    this.advancedTo = this.ackedTo;
    return this.advancedTo;
  }

  /** Notes that a batch has ended; `resumeAt` (epoch ms) says when to fetch its unacknowledged records again. */
  ended(batch: InFlightBatch, resumeAt: number): void {
    this.inFlight -= 1;
    this.lastProgressAt = Date.now();
    if (!batch.isFullyAcked) this.gap = { resumeAt: Math.max(resumeAt, this.gap?.resumeAt ?? 0) };
  }

  /** Goes back to the gap. Returns where to fetch again; `undefined` without a gap, or while a batch is in flight. */
  rewind(): Rewind | undefined {
    if (!this.gap || this.inFlight > 0 || this.ackedTo === undefined) return undefined;
    const { resumeAt } = this.gap;
    const acked = this.batches.flatMap((batch, index) => batch.ackedAhead(index === 0));
    const position = BigInt(this.ackedTo);
    const before = [...this.ahead].filter(([offset]) => BigInt(offset) >= position);
    this.ahead = new Map([...before, ...acked]);
    if (this.fetchedTo !== undefined && BigInt(this.fetchedTo) > this.aheadTo)
      this.aheadTo = BigInt(this.fetchedTo);
    this.oldestAtRewind = this.oldestUnacked;
    this.batches.length = 0;
    this.gap = undefined;
    this.fetchedTo = this.ackedTo;
    return { offset: this.ackedTo, resumeAt };
  }
}
