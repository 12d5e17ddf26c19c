import type { Admin } from '../kafkajs/kafka-client.ts';
import { classifyError } from '../kafkajs/classify-error.ts';
import type { KafkaLog } from '../kafkajs/kafka-log.ts';
import { lagOf } from './lane-partitions.ts';
import type { LanePartitions } from './lane-partitions.ts';

const LOOK_EVERY_MS = 5_000;

/** A partition that rests is no stall, a batch takes 30 s at most, a rebalance as long: twice both is a hang. */
const STALLED_MS = 120_000;

/** The same for the group: it has heard nothing of us, though Kafka answers. */
const SILENT_MS = 90_000;

export interface LaneWatchOptions {
  /** With few retries, so that it tells soon that Kafka is away. */
  readonly admin: Admin;
  readonly groupId: string;
  /** Of the lane, as they are in Kafka. */
  readonly topics: readonly string[];
  readonly partitions: LanePartitions;
  readonly isPaused: (topic: string, partition: number) => boolean;
  /** How long ago the group last knew of us, or since when we try to join it. */
  readonly silentMs: () => number;
  /** Told why the consumer must be hanging. */
  readonly onHang: (reason: string) => void;
  readonly log: KafkaLog;
}

/**
 * Asks Kafka, over a connection of its own, where the partitions end, so that lag is true also while nothing is
 * fetched, and tells when the consumer hangs although Kafka answers (tulios/kafkajs#659, #1122). Only the time counts
 * for which Kafka has answered without a gap: while it is away every consumer is silent.
 */
export class LaneWatch {
  private readonly options: LaneWatchOptions;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private closed = false;
  /** `performance.now()` of the first answer since Kafka was last away. */
  private answersSince: number | undefined;
  private lastTrouble: string | undefined;

  constructor(options: LaneWatchOptions) {
    this.options = options;
  }

  /** Why Kafka did not answer the last look; `undefined` when it did. */
  get trouble(): string | undefined {
    return this.lastTrouble;
  }

  start(): void {
    this.timer ??= setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.options.admin.disconnect();
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      await this.options.admin.connect();
      await this.readOffsets();
    } catch (error) {
      this.answersSince = undefined;
      this.lastTrouble = classifyError(error).message;
      this.options.log.debug({ error: this.lastTrouble }, 'lag not known');
      return;
    }
    this.lastTrouble = undefined;
    this.answersSince ??= performance.now();
    if (this.closed) return;
    const answersMs = performance.now() - this.answersSince;
    const hang = findHang(this.options, { silentMs: this.options.silentMs(), answersMs }, Date.now());
    if (hang === undefined) return;
    // A new consumer has as long as this one had.
    this.answersSince = undefined;
    this.options.onHang(hang);
  }

  /** The group's coordinator and the leaders of the topics answer, or it rejects. */
  private async readOffsets(): Promise<void> {
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
        this.update(topic, partition, { end: Number(high), low: Number(low) });
      }
    }
  }

  private update(
    topic: string,
    partition: number,
    seen: { committed?: number; end?: number; low?: number },
  ): void {
    const known = this.options.partitions.get(topic, partition);
    if (!known) return;
    if (seen.committed !== undefined) known.committed = seen.committed;
    if (seen.end !== undefined) known.end = seen.end;
    if (seen.low !== undefined) known.committed = Math.max(known.committed, seen.low);
  }
}

/** For how long the group has not heard of us, and for how long Kafka has answered. */
export interface Silence {
  readonly silentMs: number;
  readonly answersMs: number;
}

/** Why a consumer must be hanging, given that Kafka answers; `undefined` when it need not. */
export function findHang(
  { groupId, isPaused, partitions }: Pick<LaneWatchOptions, 'groupId' | 'isPaused' | 'partitions'>,
  { silentMs, answersMs }: Silence,
  now: number,
): string | undefined {
  if (Math.min(silentMs, answersMs) > SILENT_MS) {
    return `the group ${groupId} has not heard of this consumer for ${Math.round(silentMs)} ms`;
  }
  for (const one of partitions.values()) {
    if (lagOf(one) === 0 || isPaused(one.topic, one.partition)) one.movedAt = now;
    const still = now - one.movedAt;
    if (Math.min(still, answersMs) > STALLED_MS)
      return `nothing was read of ${one.topic}/${one.partition} for ${still} ms although records wait`;
  }
  return undefined;
}
