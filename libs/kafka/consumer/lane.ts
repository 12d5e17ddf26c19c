import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload } from '../kafkajs/kafka-client.ts';
import { BatchRun } from './batch-run.ts';
import type { WorkLimits } from './batch-run.ts';
import { Commits } from './commits.ts';
import { Heartbeats } from './heartbeats.ts';
import type { PendingSeeks } from '../kafkajs/group-hooks.ts';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import type { LanePartition } from './lane-partition.ts';
import { LanePartitions } from './lane-partitions.ts';
import { PartitionPauses } from './partition-pauses.ts';
import type { Assignment } from './partition-pauses.ts';
import { Room } from './room.ts';
import { workBatch, type BatchWork } from './work-batch.ts';

export interface LaneLimits extends WorkLimits {
  /** Read on while no more records than this are unsettled. */
  readonly readAhead: number;
  /** Nor while what is in work holds more than this, in bytes. */
  readonly readAheadBytes: number;
}

export interface LaneParts extends BatchWork {
  readonly consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>;
  readonly topicPrefix: string;
  readonly sessionTimeoutMs: number;
  /** Topics, without prefix, of which a partition's batches are worked one after the other. */
  readonly inOrder: ReadonlySet<string>;
  readonly limits: LaneLimits;
}

const COMMIT_EVERY_MS = 200;

/** How long a join waits for the commit of what was settled before it. */
const LAST_COMMIT_MS = 3_000;

/** A batch taken into work, and those that have to be over before it begins. */
interface Begun {
  readonly run: BatchRun;
  readonly known: LanePartition;
  readonly before: readonly BatchRun[];
}

/**
 * The batches of one consumer: hands each to its handler, keeps it alive meanwhile, and commits what is settled. It
 * reads on while earlier batches are still in work, because else the slowest mail would hold all partitions.
 */
export class Lane {
  readonly partitions = new LanePartitions();
  readonly pauses: PartitionPauses;
  readonly heartbeats: Heartbeats;
  private readonly parts: LaneParts;
  private readonly commits: Commits;
  private readonly room: Room;
  private readonly memory: Room;
  private readonly running = new Map<BatchRun, LanePartition>();
  private commitTimer: NodeJS.Timeout | undefined;
  private memberId = '';
  private pendingSeeks: PendingSeeks | undefined;
  private closing = false;

  constructor(parts: LaneParts) {
    this.parts = parts;
    this.pauses = new PartitionPauses(parts.consumer);
    this.heartbeats = new Heartbeats(parts.sessionTimeoutMs, (error) => this.abort(error));
    this.commits = new Commits(parts.log);
    this.room = new Room(parts.limits.readAhead);
    this.memory = new Room(parts.limits.readAheadBytes);
  }

  /**
   * kafkajs' `eachBatch`: begins the work and resolves when the lane may read on. Never rejects: an error would crash
   * the consumer, and kafkajs learns the rest by itself.
   */
  readonly eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    this.commits.use((offsets) => payload.commitOffsetsIfNecessary(offsets));
    const begun = this.begin(payload);
    if (!begun) return;
    await Promise.race([this.work(begun, payload), Promise.all([this.room.free(), this.memory.free()])]);
  };

  /** Before it joins its group again, or leaves it, the lane ends what is in work: somebody else may have it then. */
  readonly onPartitionsRevoked = async (pendingSeeks: PendingSeeks): Promise<void> => {
    this.pendingSeeks = pendingSeeks;
    this.abort(new KafkaError('partition-lost', 'the group is rebalancing', { retryable: true }));
    await this.workEnds();
    // The group waits for us, and forgets us when that takes longer than a session.
    await Promise.race([this.commits.flush(), pause(LAST_COMMIT_MS, undefined, { ref: false })]);
    this.commits.hold();
  };

  /**
   * A new assignment. As long as the group knows us by the same id nobody else had the partitions that stay, so they go
   * on where they are, though what was settled could not be committed while the group's broker was away.
   */
  joined(assignment: Assignment, memberId: string): void {
    if (this.closing) return;
    this.commitTimer ??= setInterval(() => void this.commitSettled(), COMMIT_EVERY_MS);
    const isKnown = memberId === this.memberId;
    this.memberId = memberId;
    if (!isKnown) this.partitions.forget();
    this.partitions.assign(assignment, Date.now());
    this.pauses.assigned(assignment);
    this.commits.begin();
    // Of partitions that others may have had meanwhile only the group knows where to go on.
    this.pendingSeeks?.clear();
    const lost = new KafkaError('partition-lost', "the partition is somebody else's now", {
      retryable: true,
    });
    for (const [run, known] of this.running) if (!this.isOurs(known)) run.abort(lost);
    for (const known of this.partitions.values()) this.goOn(known);
  }

  /** Reads a partition on where it was read to, and commits again how far it is settled. */
  private goOn(known: LanePartition): void {
    const { topic, partition, readTo, commitOffset } = known;
    if (readTo !== undefined) this.seek(known, readTo);
    if (commitOffset !== undefined) this.commits.mark(topic, partition, commitOffset);
  }

  /** A batch of which the reader gets nothing to see: transaction markers, aborted or compacted records. */
  batchEnded(payload: ConsumerEndBatchProcessEvent['payload']): void {
    const known = payload.batchSize === 0 ? this.partitions.get(payload.topic, payload.partition) : undefined;
    if (!known || !this.mayBegin(known)) return;
    known.skip(payload.lastOffset);
    this.advance(known);
  }

  /** Starts nothing more, tells the work to end, and resolves when it has and is committed. */
  async close(): Promise<void> {
    this.closing = true;
    this.pauses.setAll(true);
    clearInterval(this.commitTimer);
    this.abort(new KafkaError('closed', 'shutting down', { retryable: true }));
    await this.drain();
    this.pauses.close();
  }

  /** Resolves when nothing of what was in work is any more, and what is settled is committed. */
  async drain(): Promise<void> {
    await this.workEnds();
    await this.commits.flush();
  }

  private async workEnds(): Promise<void> {
    await Promise.all([...this.running.keys()].map((run) => run.over));
  }

  private isOurs(known: LanePartition): boolean {
    return this.partitions.get(known.topic, known.partition) === known;
  }

  private abort(error: KafkaError): void {
    for (const run of this.running.keys()) run.abort(error);
  }

  /** Takes a batch into work, if it may be: the fetch goes on behind it. */
  private begin(payload: EachBatchPayload): Begun | undefined {
    const { batch } = payload;
    const known = this.partitions.get(batch.topic, batch.partition);
    const first = batch.firstOffset();
    const last = batch.messages.at(-1)?.offset;
    // Stale: behind a gap that is about to be read again.
    if (!known || first === null || last === undefined || payload.isStale() || !this.mayBegin(known))
      return undefined;
    if (known.overlaps(first)) {
      this.goOn(known);
      return undefined;
    }
    const { limits, topicPrefix } = this.parts;
    const run = new BatchRun({
      batch,
      topic: batch.topic.slice(topicPrefix.length),
      settledAhead: known.settledAhead(first),
      fence: () => this.heartbeats.fence(),
      onSettled: () => this.room.leave(1),
      limits,
    });
    const before = this.before(run.topic, known);
    payload.resolveOffset(last);
    known.begin(run, batch.highWatermark);
    this.room.enter(run.unsettled);
    this.memory.enter(run.bytes);
    this.running.set(run, known);
    return { run, known, before };
  }

  private mayBegin({ topic, partition, hasGap }: LanePartition): boolean {
    return !this.closing && !hasGap && !this.pauses.isPaused(topic, partition);
  }

  /** Batches of the partition that have to be over first: those it had before we lost it, and all where order counts. */
  private before(plainTopic: string, known: LanePartition): BatchRun[] {
    const isInOrder = this.parts.inOrder.has(plainTopic);
    return [...this.running]
      .filter(
        ([, other]) =>
          other.topic === known.topic &&
          other.partition === known.partition &&
          (isInOrder || other !== known),
      )
      .map(([run]) => run);
  }

  private async work({ run, known, before }: Begun, payload: EachBatchPayload): Promise<void> {
    const stopBeating = this.heartbeats.during(() => payload.heartbeat());
    await Promise.all(before.map(({ over }) => over));
    const isBehindGap = known.hasGap && this.parts.inOrder.has(run.topic);
    const resumeAt = isBehindGap ? 0 : await workBatch(this.parts, run);
    stopBeating();
    run.close();
    this.room.leave(run.unsettled);
    this.memory.leave(run.bytes);
    this.running.delete(run);
    known.ended(run, resumeAt);
    this.advance(known);
    if (known.hasGap) this.rewind(known);
    if (this.running.size === 0) void this.commits.flush();
  }

  /** Reads a partition again from its gap, as soon as nothing of it is in work. */
  private rewind(known: LanePartition): void {
    const { topic, partition } = known;
    const rewind = known.rewind();
    this.pauses.until(topic, partition, rewind?.resumeAt ?? Infinity);
    if (rewind && this.isOurs(known)) this.seek(known, rewind.offset);
  }

  private seek({ topic, partition }: LanePartition, offset: string): void {
    try {
      this.parts.consumer.seek({ topic, partition, offset });
    } catch {
      // The consumer is between two lives: in its next it goes by what is committed.
    }
  }

  private advance(known: LanePartition): void {
    const offset = known.advance();
    if (offset !== undefined && this.isOurs(known)) this.commits.mark(known.topic, known.partition, offset);
  }

  private async commitSettled(): Promise<void> {
    for (const known of new Set(this.running.values())) this.advance(known);
    await this.commits.flush();
  }
}
