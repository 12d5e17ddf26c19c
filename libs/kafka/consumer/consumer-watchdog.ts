import type { Admin } from '../kafkajs/kafka-client.ts';
import { classifyError } from '../kafkajs/kafka-error.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';
import { lagOf, type AssignedPartitions } from './assigned-partitions.ts';

const CHECK_EVERY_MS = 5_000;

/** A paused partition is no stall; a batch takes 30 s at most, and so does a rebalance. Twice both is a hang. */
const STALLED_MS = 120_000;

/** The same for the membership: the group has not heard from us for this long, although Kafka answers. */
const SILENT_MS = 90_000;

export interface ConsumerWatchdogOptions {
  /** With few retries, so that it soon notices that Kafka is unavailable. */
  readonly admin: Admin;
  readonly groupId: string;
  /** As they are in Kafka. */
  readonly topics: readonly string[];
  readonly partitions: AssignedPartitions;
  readonly isPaused: (topic: string, partition: number) => boolean;
  /** How long ago the group last heard from us or, before that, how long we have been trying to join. */
  readonly silentMs: () => number;
  /** Called with the reason when the consumer must be hanging. */
  readonly onHang: (reason: string) => void;
  readonly log: KafkaLog;
}

/**
 * Asks Kafka, over a separate connection, for the offsets of the partitions, so that lag is true even when nothing is
 * fetched, and detects that the consumer hangs although Kafka answers (tulios/kafkajs#659, #1122). Only time in which
 * Kafka has answered without interruption counts: while it is unavailable, every consumer is silent.
 */
export class ConsumerWatchdog {
  private readonly options: ConsumerWatchdogOptions;
  private timer: NodeJS.Timeout | undefined;
  private checking: Promise<void> | undefined;
  private closed = false;
  /** `performance.now()` of Kafka's first answer since it was last unavailable. */
  private answersSince: number | undefined;
  private error: string | undefined;

  constructor(options: ConsumerWatchdogOptions) {
    this.options = options;
  }

  /** Why Kafka did not answer the last check; `undefined` when it did. */
  get lastError(): string | undefined {
    return this.error;
  }

  start(): void {
    this.timer ??= setInterval(() => {
      this.checking ??= this.check().finally(() => (this.checking = undefined));
    }, CHECK_EVERY_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.options.admin.disconnect();
    await this.checking;
  }

  private async check(): Promise<void> {
    try {
      await this.options.admin.connect();
      await this.fetchOffsets();
    } catch (error) {
      this.answersSince = undefined;
      this.error = classifyError(error).message;
      this.options.log.debug({ error: this.error }, 'lag not known');
      return;
    }
    this.error = undefined;
    this.answersSince ??= performance.now();
    if (this.closed) return;
    const answersMs = performance.now() - this.answersSince;
    const hang = findHang(this.options, { silentMs: this.options.silentMs(), answersMs }, Date.now());
    if (hang === undefined) return;
    // The new consumer gets as long as this one had.
    this.answersSince = undefined;
    this.options.onHang(hang);
  }

  /** Rejects unless the group's coordinator and the leaders of the partitions answer. */
  private async fetchOffsets(): Promise<void> {
    const { admin, groupId, topics, partitions } = this.options;
    for (const { topic, partitions: committed } of await admin.fetchOffsets({
      groupId,
      topics: [...topics],
    })) {
      for (const { partition, offset } of committed)
        this.update(topic, partition, { committed: Number(offset) });
    }
    for (const topic of new Set([...partitions.values()].map((one) => one.topic))) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        this.update(topic, partition, { high: Number(high), low: Number(low) });
      }
    }
  }

  private update(
    topic: string,
    partition: number,
    offsets: { committed?: number; high?: number; low?: number },
  ): void {
    const progress = this.options.partitions.get(topic, partition);
    if (!progress) return;
    if (offsets.committed !== undefined) progress.committed = offsets.committed;
    if (offsets.high !== undefined) progress.highWatermark = offsets.high;
    if (offsets.low !== undefined) progress.committed = Math.max(progress.committed, offsets.low);
  }
}

/** How long the group has not heard from us, and how long Kafka has answered. */
export interface Silence {
  readonly silentMs: number;
  readonly answersMs: number;
}

/** Why a consumer must be hanging, given that Kafka answers; `undefined` when there is no reason to think so. */
export function findHang(
  { groupId, isPaused, partitions }: Pick<ConsumerWatchdogOptions, 'groupId' | 'isPaused' | 'partitions'>,
  { silentMs, answersMs }: Silence,
  now: number,
): string | undefined {
  if (Math.min(silentMs, answersMs) > SILENT_MS) {
    return `the group ${groupId} has not heard from this consumer for ${Math.round(silentMs)} ms`;
  }
  for (const progress of partitions.values()) {
    const { topic, partition } = progress;
    if (lagOf(progress) === 0 || isPaused(topic, partition)) progress.lastProgressAt = now;
    const stalledMs = now - progress.lastProgressAt;
    if (Math.min(stalledMs, answersMs) > STALLED_MS)
      return `nothing was read of ${topic}/${partition} for ${stalledMs} ms although records wait`;
  }
  return undefined;
}
