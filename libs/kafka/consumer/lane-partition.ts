import type { BatchRun, SettledAhead } from './batch-run.ts';

const NOTHING_AHEAD: SettledAhead = new Map();

/** Where to read again, and from when on. */
export interface Rewind {
  readonly offset: string;
  /** Epoch ms. */
  readonly resumeAt: number;
}

/**
 * One partition of a lane: its batches in work, in the order in which they were read, and how far they are settled
 * without a gap. When a batch leaves something unsettled the partition takes no more until all have ended, and is then
 * read again from the gap.
 */
export class LanePartition {
  /** As it is in Kafka. */
  readonly topic: string;
  readonly partition: number;
  /** Where the partition's log ended when Kafka last told. */
  end = 0;
  /** What another reader of the group had committed before us; -1 when nothing. */
  committed = -1;
  /** When a batch of it was last begun or ended, epoch ms. */
  movedAt: number;
  /** Why it cannot be read on; `undefined` while it can, as far as we know. */
  unreadable: string | undefined;
  private readonly runs: BatchRun[] = [];
  private inWork = 0;
  private settledTo: string | undefined;
  private told: string | undefined;
  private readEnd: string | undefined;
  private gap: { resumeAt: number } | undefined;
  private ahead: SettledAhead = NOTHING_AHEAD;
  private aheadTo = 0n;
  private oldestLeft: number | undefined;

  constructor(topic: string, partition: number, now: number) {
    this.topic = topic;
    this.partition = partition;
    this.movedAt = now;
  }

  /** The next offset to be settled; -1 until something was read. */
  get position(): number {
    return Number(this.settledTo ?? -1);
  }

  /** The offset that the group is to know; `undefined` until something was read. */
  get commitOffset(): string | undefined {
    return this.settledTo;
  }

  /** The next offset to be read; `undefined` until something was read, and while a gap is to be read again. */
  get readTo(): string | undefined {
    return this.gap ? undefined : this.readEnd;
  }

  get hasGap(): boolean {
    return this.gap !== undefined;
  }

  /** Kafka's timestamp of the first unsettled record in hand; `undefined` when none is. */
  get oldest(): number | undefined {
    return this.runs[0]?.oldestUnsettled ?? this.oldestLeft;
  }

  /** Whether a batch that begins there is in work already: it was read again by a consumer that has joined anew. */
  overlaps(firstOffset: string): boolean {
    return this.inWork > 0 && this.readEnd !== undefined && BigInt(firstOffset) < BigInt(this.readEnd);
  }

  /** What of a batch that begins there is settled already. */
  settledAhead(firstOffset: string): SettledAhead {
    if (BigInt(firstOffset) >= this.aheadTo) this.ahead = NOTHING_AHEAD;
    return this.ahead;
  }

  begin(run: BatchRun, highWatermark: string): void {
    this.told ??= run.first;
    if (this.runs.length === 0) {
      this.settledTo = run.position;
      this.oldestLeft = undefined;
    }
    this.runs.push(run);
    this.inWork += 1;
    this.readEnd = run.end;
    this.end = Number(highWatermark);
    this.hasMoved();
  }

  /** Nothing but transaction markers, aborted or compacted records up to and with `lastOffset`. */
  skip(lastOffset: string): void {
    this.readEnd = String(BigInt(lastOffset) + 1n);
    this.hasMoved();
  }

  private hasMoved(): void {
    this.movedAt = Date.now();
    this.unreadable = undefined;
  }

  /** Moves on as far as all is settled; the offset to commit, `undefined` when it is the same as the last time. */
  advance(): string | undefined {
    while (this.runs[0]?.finished) this.runs.shift();
    this.settledTo = this.runs[0]?.position ?? this.readEnd;
    if (this.settledTo === this.told) return undefined;
    this.told = this.settledTo;
    return this.told;
  }

  /** A batch's work is over; `resumeAt` says when what it left unsettled may be read again. */
  ended(run: BatchRun, resumeAt: number): void {
    this.inWork -= 1;
    this.movedAt = Date.now();
    if (!run.finished) this.gap = { resumeAt: Math.max(resumeAt, this.gap?.resumeAt ?? 0) };
  }

  /** When a gap is left and nothing is in work any more: where to read again. */
  rewind(): Rewind | undefined {
    if (!this.gap || this.inWork > 0 || this.settledTo === undefined) return undefined;
    const { resumeAt } = this.gap;
    const settled = this.runs.flatMap((run, index) => run.settledAhead(index === 0));
    const position = BigInt(this.settledTo);
    const before = [...this.ahead].filter(([offset]) => BigInt(offset) >= position);
    this.ahead = new Map([...before, ...settled]);
    if (this.readEnd !== undefined && BigInt(this.readEnd) > this.aheadTo)
      this.aheadTo = BigInt(this.readEnd);
    this.oldestLeft = this.oldest;
    this.runs.length = 0;
    this.gap = undefined;
    this.readEnd = this.settledTo;
    return { offset: this.settledTo, resumeAt };
  }
}
