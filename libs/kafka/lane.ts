import type { BatchResult, RecordBatch } from '#delivery';
import type { Consumer, ConsumerEndBatchProcessEvent, EachBatchPayload } from 'kafkajs';
import { BatchRun } from './batch-run.ts';
import type { WorkLimits } from './batch-run.ts';
import { classifyError } from './classify-error.ts';
import { Commits } from './commits.ts';
import { Heartbeats } from './heartbeats.ts';
import { KafkaError } from './kafka-error.ts';
import type { KafkaLog } from './kafka-log.ts';
import { LanePartitions } from './lane-partitions.ts';
import type { LanePartition } from './lane-partitions.ts';
import { PartitionPauses } from './partition-pauses.ts';
import type { Assignment } from './partition-pauses.ts';

/** Works a batch, or throws; `undefined` is the same as no wish. */
export type BatchHandler = (batch: RecordBatch) => Promise<BatchResult | undefined>;

export interface LaneParts {
  readonly consumer: Pick<Consumer, 'pause' | 'resume' | 'seek'>;
  readonly topicPrefix: string;
  readonly sessionTimeoutMs: number;
  /** By topic without prefix. */
  readonly handlers: ReadonlyMap<string, BatchHandler>;
  readonly log: KafkaLog;
  readonly limits: WorkLimits;
}

const COMMIT_EVERY_MS = 1_000;

/** How long a partition rests whose handler threw or settled nothing. */
const AFTER_FAILURE_MS = 1_000;

/** The batches of one consumer: hands each to its handler, keeps it alive meanwhile, and commits what is settled. */
export class Lane {
  readonly partitions = new LanePartitions();
  readonly pauses: PartitionPauses;
  readonly heartbeats: Heartbeats;
  private readonly parts: LaneParts;
  private readonly commits: Commits;
  private readonly running = new Map<BatchRun, LanePartition>();
  private commitTimer: NodeJS.Timeout | undefined;
  private memberId = '';
  private closing = false;

  constructor(parts: LaneParts) {
    this.parts = parts;
    this.pauses = new PartitionPauses(parts.consumer);
    this.heartbeats = new Heartbeats(parts.sessionTimeoutMs, (error) => this.abort(error));
    this.commits = new Commits(parts.log);
  }

  /** kafkajs' `eachBatch`. Never rejects: an error would crash the consumer, and kafkajs learns the rest by itself. */
  readonly eachBatch = async (payload: EachBatchPayload): Promise<void> => {
    const { topic, partition } = payload.batch;
    const known = this.partitions.get(topic, partition);
    if (!known || this.closing || this.pauses.isPaused(topic, partition)) return;
    const stopBeating = this.heartbeats.during(() => payload.heartbeat());
    this.commits.use((offsets) => payload.commitOffsetsIfNecessary(offsets));
    try {
      await this.work(payload, known);
    } catch (error) {
      this.parts.log.error({ err: error, topic, partition }, 'batch failed');
      this.pauses.until(topic, partition, Date.now() + AFTER_FAILURE_MS);
    } finally {
      stopBeating();
    }
  };

  /**
   * A new assignment. As long as the group knows us by the same id nobody else had the partitions that stay, so they go
   * on where they are, though what was settled could not be committed while the group's broker was away.
   */
  joined(assignment: Assignment, memberId: string): void {
    this.commitTimer ??= setInterval(() => void this.commitSettled(), COMMIT_EVERY_MS);
    this.partitions.assign(assignment, Date.now());
    this.pauses.assigned(assignment);
    this.commits.forget();
    const lost = new KafkaError('partition-lost', "the partition is somebody else's now", {
      retryable: true,
    });
    for (const [run, known] of this.running) if (!this.isOurs(known)) run.abort(lost);
    if (memberId === this.memberId) this.goOn();
    this.memberId = memberId;
  }

  private goOn(): void {
    const inWork = new Set(this.running.values());
    for (const known of this.partitions.values()) {
      const { topic, partition, position } = known;
      if (position < 0 || inWork.has(known)) continue;
      this.parts.consumer.seek({ topic, partition, offset: String(position) });
      this.commits.mark(topic, partition, String(position));
    }
  }

  /** A batch of which the reader gets nothing to see: transaction markers, aborted or compacted records. */
  batchEnded(payload: ConsumerEndBatchProcessEvent['payload']): void {
    const known = payload.batchSize === 0 ? this.partitions.get(payload.topic, payload.partition) : undefined;
    if (!known) return;
    known.position = Number(payload.lastOffset) + 1;
    known.movedAt = Date.now();
    this.commits.mark(payload.topic, payload.partition, String(BigInt(payload.lastOffset) + 1n));
  }

  /** Starts nothing more and tells the work to end. */
  close(): void {
    this.closing = true;
    this.pauses.close();
    clearInterval(this.commitTimer);
    this.abort(new KafkaError('closed', 'shutting down', { retryable: true }));
  }

  private isOurs(known: LanePartition): boolean {
    return this.partitions.get(known.topic, known.partition) === known;
  }

  private abort(error: KafkaError): void {
    for (const run of this.running.keys()) run.abort(error);
  }

  private async work(payload: EachBatchPayload, known: LanePartition): Promise<void> {
    const topic = known.topic.slice(this.parts.topicPrefix.length);
    const { settledAhead } = known;
    const fence = (): Promise<void> => this.heartbeats.fence();
    const { limits } = this.parts;
    const run = new BatchRun({ batch: payload.batch, topic, settledAhead, fence, limits });
    this.begin(run, payload, known);
    const result = await this.handle(run);
    run.end();
    this.running.delete(run);
    this.take(run, payload, known);
    await this.commits.flush();
    const resumeAt =
      result.resumeAt ?? (run.front === 0 && !run.signal.aborted ? Date.now() + AFTER_FAILURE_MS : undefined);
    if (!run.finished && resumeAt !== undefined) this.pauses.until(known.topic, known.partition, resumeAt);
  }

  private begin(run: BatchRun, { batch }: EachBatchPayload, known: LanePartition): void {
    this.running.set(run, known);
    known.end = Number(batch.highWatermark);
    known.position = Number(batch.firstOffset() ?? known.position);
    known.oldest = run.oldestUnsettled;
    known.movedAt = Date.now();
  }

  /** Takes over what has become of a batch: where the next fetch begins, and what is committed. */
  private take(run: BatchRun, payload: EachBatchPayload, known: LanePartition): void {
    known.settledAhead = run.settledAhead();
    known.oldest = run.oldestUnsettled;
    known.movedAt = Date.now();
    const last = run.settledOffset;
    if (last === undefined || !this.isOurs(known)) return;
    // kafkajs takes the batch's end for its last record: markers behind it are passed with it.
    payload.resolveOffset(last);
    this.mark(known, run.finished ? String(BigInt(payload.batch.lastOffset()) + 1n) : run.commitOffset);
  }

  private mark(known: LanePartition, commitOffset: string | undefined): void {
    if (commitOffset === undefined || !this.isOurs(known)) return;
    known.position = Number(commitOffset);
    this.commits.mark(known.topic, known.partition, commitOffset);
  }

  private async commitSettled(): Promise<void> {
    for (const [run, known] of this.running) {
      known.oldest = run.oldestUnsettled;
      this.mark(known, run.commitOffset);
    }
    await this.commits.flush();
  }

  private async handle(run: BatchRun): Promise<BatchResult> {
    if (run.records.length === 0) return {};
    const abandoned = run.abandoned.then((): BatchResult => {
      this.parts.log.warn(
        { topic: run.topic, partition: run.partition },
        'work did not end in time and is left alone',
      );
      return {};
    });
    return Promise.race([this.callHandler(run), abandoned]);
  }

  private async callHandler(run: BatchRun): Promise<BatchResult> {
    const { topic, partition, signal } = run;
    try {
      await this.heartbeats.fence();
      const handler = this.parts.handlers.get(topic);
      if (!handler) throw new Error(`no handler for ${topic}`);
      return (await handler(run)) ?? {};
    } catch (error) {
      const stopped = signal.aborted || classifyError(error).code === 'partition-lost';
      if (stopped)
        this.parts.log.info({ topic, partition, error: classifyError(error).message }, 'batch cut short');
      else
        this.parts.log.error(
          { err: error, topic, partition, offset: run.commitOffset },
          'batch failed, trying again',
        );
      return stopped ? {} : { resumeAt: Date.now() + AFTER_FAILURE_MS };
    }
  }
}
