import { setTimeout as pause } from 'node:timers/promises';
import type { PendingSeeks } from '../kafkajs/group-hooks.ts';
import type { Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload } from '../kafkajs/kafka-client.ts';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { AssignedPartitions } from './assigned-partitions.ts';
import { Heartbeats } from './heartbeats.ts';
import { InFlightBatch, type ProcessingLimits } from './in-flight-batch.ts';
import { InFlightLimit } from './in-flight-limit.ts';
import { OffsetCommitter } from './offset-committer.ts';
import { PartitionPauses, type Assignment } from './partition-pauses.ts';
import type { PartitionProgress } from './partition-progress.ts';
import { processBatch, type BatchHandlers } from './process-batch.ts';

interface DispatchLimits extends ProcessingLimits {
  /** Fetching continues while no more records than this are unacknowledged, */
  readonly records: number;
  /** and while the batches in flight hold no more memory than this, in bytes. */
  readonly bytes: number;
}

export interface BatchDispatcherOptions extends BatchHandlers {
  readonly consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>;
  readonly topicPrefix: string;
  readonly sessionTimeoutMs: number;
  /** Topics, without prefix, whose partitions are processed one batch at a time. */
  readonly inOrder: ReadonlySet<string>;
  readonly limits: DispatchLimits;
}

const COMMIT_EVERY_MS = 200;

/** How long a rebalance waits for the commit of what was acknowledged before it. */
const LAST_COMMIT_MS = 3_000;

/** A batch that was accepted, and the batches that have to end before it begins. */
interface Accepted {
  readonly batch: InFlightBatch;
  readonly progress: PartitionProgress;
  readonly predecessors: readonly InFlightBatch[];
}

/**
 * Dispatches the batches of a consumer to their handlers, keeps the group membership alive meanwhile, and commits what is
 * acknowledged. It fetches on while earlier batches are in flight, so that one slow mail does not hold up all partitions.
 */
export class BatchDispatcher {
  readonly partitions = new AssignedPartitions();
  readonly pauses: PartitionPauses;
  readonly heartbeats: Heartbeats;
  private readonly options: BatchDispatcherOptions;
  private readonly committer: OffsetCommitter;
  private readonly records: InFlightLimit;
  private readonly bytes: InFlightLimit;
  private readonly inFlight = new Map<InFlightBatch, PartitionProgress>();
  private commitTimer: NodeJS.Timeout | undefined;
  private memberId = '';
  private pendingSeeks: PendingSeeks | undefined;
  private closing = false;

  constructor(options: BatchDispatcherOptions) {
    this.options = options;
    this.pauses = new PartitionPauses(options.consumer);
    this.heartbeats = new Heartbeats(options.sessionTimeoutMs, (error) => this.abort(error));
    this.committer = new OffsetCommitter(options.log);
    this.records = new InFlightLimit(options.limits.records);
    this.bytes = new InFlightLimit(options.limits.bytes);
  }

  /**
   * kafkajs' `eachBatch`: begins to process a batch and resolves when the next fetch may begin. Never rejects, because an
   * error would crash the consumer, and kafkajs notices by itself when the membership is lost.
   */
  readonly eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    this.committer.commitWith((offsets) => payload.commitOffsetsIfNecessary(offsets));
    const accepted = this.accept(payload);
    if (!accepted) return;
    const withinLimits = Promise.all([this.records.withinLimit(), this.bytes.withinLimit()]);
    await Promise.race([this.process(accepted, payload), withinLimits]);
  };

  /** Ends and commits what is in flight before the partitions may go to another consumer. */
  readonly onPartitionsRevoked = async (pendingSeeks: PendingSeeks): Promise<void> => {
    this.pendingSeeks = pendingSeeks;
    this.abort(new KafkaError('partition-lost', 'the group is rebalancing', { retryable: true }));
    await this.allEnded();
    // The group waits for us, but drops us when that takes longer than a session.
    await Promise.race([this.committer.flush(), pause(LAST_COMMIT_MS, undefined, { ref: false })]);
    this.committer.suspend();
  };

  /**
   * Takes over a new assignment. While the group knows us by the same member id, no other consumer has had the partitions
   * that stay, so they go on from where they are, even when that could not be committed for want of a coordinator.
   */
  onPartitionsAssigned(assignment: Assignment, memberId: string): void {
    if (this.closing) return;
    this.commitTimer ??= setInterval(() => void this.commitProgress(), COMMIT_EVERY_MS);
    const isSameMember = memberId === this.memberId;
    this.memberId = memberId;
    if (!isSameMember) this.partitions.forget();
    this.partitions.assign(assignment, Date.now());
    this.pauses.assigned(assignment);
    this.committer.resume();
    // For partitions that other consumers may have had, only the group knows where to go on.
    this.pendingSeeks?.clear();
    const lost = new KafkaError('partition-lost', "the partition is somebody else's now", {
      retryable: true,
    });
    for (const [batch, progress] of this.inFlight) if (!this.isAssigned(progress)) batch.abort(lost);
    for (const progress of this.partitions.values()) this.goOn(progress);
  }

  /** Fetches a partition from where it was read to, and stages its offset again. */
  private goOn(progress: PartitionProgress): void {
    const { topic, partition, fetchOffset, commitOffset } = progress;
    if (fetchOffset !== undefined) this.seek(progress, fetchOffset);
    if (commitOffset !== undefined) this.committer.stage(topic, partition, commitOffset);
  }

  /** Skips a batch without records: only control records, aborted transactions or compacted records. */
  onBatchEnd(payload: ConsumerEndBatchProcessEvent['payload']): void {
    if (payload.batchSize !== 0) return;
    const progress = this.partitions.get(payload.topic, payload.partition);
    if (!progress || !this.isAccepting(progress)) return;
    progress.skip(payload.lastOffset);
    this.advance(progress);
  }

  /** Accepts nothing more, aborts what is in flight, and resolves when all has ended and is committed. */
  async close(): Promise<void> {
    this.closing = true;
    this.pauses.setAll(true);
    clearInterval(this.commitTimer);
    this.abort(new KafkaError('closed', 'shutting down', { retryable: true }));
    await this.drain();
    this.pauses.close();
  }

  /** Resolves when everything in flight has ended and what is acknowledged is committed. */
  async drain(): Promise<void> {
    await this.allEnded();
    await this.committer.flush();
  }

  private async allEnded(): Promise<void> {
    await Promise.all([...this.inFlight.keys()].map((batch) => batch.ended));
  }

  private isAssigned(progress: PartitionProgress): boolean {
    return this.partitions.get(progress.topic, progress.partition) === progress;
  }

  private abort(error: KafkaError): void {
    for (const batch of this.inFlight.keys()) batch.abort(error);
  }

  /** Puts a batch in flight, unless its partition accepts none, and lets kafkajs fetch behind it. */
  private accept(payload: EachBatchPayload): Accepted | undefined {
    const { batch: fetched } = payload;
    const progress = this.partitions.get(fetched.topic, fetched.partition);
    const firstOffset = fetched.firstOffset();
    const lastOffset = fetched.messages.at(-1)?.offset;
    // Stale: fetched before a seek that has yet to be followed.
    if (!progress || firstOffset === null || lastOffset === undefined || payload.isStale()) return undefined;
    if (!this.isAccepting(progress)) return undefined;
    if (progress.overlaps(firstOffset)) {
      this.goOn(progress);
      return undefined;
    }
    const { limits, topicPrefix } = this.options;
    const batch = new InFlightBatch({
      batch: fetched,
      topic: fetched.topic.slice(topicPrefix.length),
      ackedAhead: progress.ackedAhead(firstOffset),
      fence: () => this.heartbeats.fence(),
      onAck: () => this.records.remove(1),
      limits,
    });
    const predecessors = this.predecessorsOf(batch.topic, progress);
    payload.resolveOffset(lastOffset);
    progress.begin(batch, fetched.highWatermark);
    this.records.add(batch.unacked);
    this.bytes.add(batch.bytes);
    this.inFlight.set(batch, progress);
    return { batch, progress, predecessors };
  }

  private isAccepting({ topic, partition, hasGap }: PartitionProgress): boolean {
    return !this.closing && !hasGap && !this.pauses.isPaused(topic, partition);
  }

  /** The partition's batches that have to end first: those from before we lost it, and all when its topic is in order. */
  private predecessorsOf(plainTopic: string, progress: PartitionProgress): InFlightBatch[] {
    const { topic, partition } = progress;
    const isInOrder = this.options.inOrder.has(plainTopic);
    return [...this.inFlight]
      .filter(([, other]) => other.topic === topic && other.partition === partition)
      .filter(([, other]) => isInOrder || other !== progress)
      .map(([batch]) => batch);
  }

  private async process(
    { batch, progress, predecessors }: Accepted,
    payload: EachBatchPayload,
  ): Promise<void> {
    const stopHeartbeats = this.heartbeats.during(() => payload.heartbeat());
    await Promise.all(predecessors.map(({ ended }) => ended));
    const isBehindGap = progress.hasGap && this.options.inOrder.has(batch.topic);
    const resumeAt = isBehindGap ? 0 : await processBatch(this.options, batch);
    stopHeartbeats();
    batch.end();
    this.records.remove(batch.unacked);
    this.bytes.remove(batch.bytes);
    this.inFlight.delete(batch);
    progress.ended(batch, resumeAt);
    this.advance(progress);
    if (progress.hasGap) this.rewind(progress);
    if (this.inFlight.size === 0) void this.committer.flush();
  }

  /** Pauses a partition with a gap, and fetches it again from there once none of its batches is in flight. */
  private rewind(progress: PartitionProgress): void {
    const { topic, partition } = progress;
    const rewind = progress.rewind();
    this.pauses.until(topic, partition, rewind?.resumeAt ?? Infinity);
    if (rewind && this.isAssigned(progress)) this.seek(progress, rewind.offset);
  }

  private seek({ topic, partition }: PartitionProgress, offset: string): void {
    try {
      this.options.consumer.seek({ topic, partition, offset });
    } catch {
      // The consumer is being replaced; its successor begins at the committed offset.
    }
  }

  private advance(progress: PartitionProgress): void {
    const offset = progress.advance();
    if (offset !== undefined && this.isAssigned(progress))
      this.committer.stage(progress.topic, progress.partition, offset);
  }

  private async commitProgress(): Promise<void> {
    for (const progress of new Set(this.inFlight.values())) this.advance(progress);
    await this.committer.flush();
  }
}
