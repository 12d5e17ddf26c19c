import type { Admin } from 'kafkajs';
import { classifyError } from './classify-error.ts';
import { KafkaError } from './kafka-error.ts';
import type { KafkaLog } from './kafka-log.ts';
import { lagOf } from './lane-partitions.ts';
import type { LanePartitions } from './lane-partitions.ts';

const LOOK_EVERY_MS = 5_000;

/** A partition that rests is no stall, a batch takes 30 s at most, a rebalance as long: twice both is a hang. */
const STALLED_MS = 120_000;

/** The same for the group: it has heard nothing of us, though Kafka answers. */
const SILENT_MS = 90_000;

export interface LaneWatchOptions {
  readonly admin: Admin;
  readonly groupId: string;
  readonly partitions: LanePartitions;
  readonly isPaused: (topic: string, partition: number) => boolean;
  /** How long ago the group last knew of us; `undefined` before it ever did. */
  readonly silentMs: () => number | undefined;
  readonly onDead: (error: KafkaError) => void;
  readonly log: KafkaLog;
}

/**
 * Asks Kafka, over a connection of its own, where the partitions end, so that lag is true also while nothing is
 * fetched, and tells when the consumer hangs although Kafka answers (tulios/kafkajs#659, #1122).
 */
export class LaneWatch {
  private readonly options: LaneWatchOptions;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private connected = false;
  private closed = false;

  constructor(options: LaneWatchOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.looking;
    if (this.connected) await this.options.admin.disconnect();
  }

  private async look(): Promise<void> {
    try {
      if (!this.connected) await this.options.admin.connect();
      this.connected = true;
      await this.readOffsets();
    } catch (error) {
      this.options.log.debug({ error: classifyError(error).message }, 'lag not known');
      return;
    }
    const dead = this.closed ? undefined : findHang(this.options, this.options.silentMs(), Date.now());
    if (dead) this.options.onDead(new KafkaError('consumer-dead', dead, { retryable: false }));
  }

  private async readOffsets(): Promise<void> {
    const { admin, groupId, partitions } = this.options;
    const topics = [...new Set([...partitions.values()].map(({ topic }) => topic))];
    if (topics.length === 0) return;
    for (const { topic, partitions: committed } of await admin.fetchOffsets({ groupId, topics })) {
      for (const { partition, offset } of committed)
        this.update(topic, partition, { committed: Number(offset) });
    }
    for (const topic of topics) {
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

/** Why a consumer must be hanging, given that Kafka answers; `undefined` when it need not. `silentMs`: see above. */
export function findHang(
  { groupId, isPaused, partitions }: Pick<LaneWatchOptions, 'groupId' | 'isPaused' | 'partitions'>,
  silentMs: number | undefined,
  now: number,
): string | undefined {
  if (silentMs !== undefined && silentMs > SILENT_MS) {
    return `the group ${groupId} has not heard of this consumer for ${silentMs} ms`;
  }
  for (const one of partitions.values()) {
    if (lagOf(one) === 0 || isPaused(one.topic, one.partition)) one.movedAt = now;
    const still = now - one.movedAt;
    if (still > STALLED_MS)
      return `nothing was read of ${one.topic}/${one.partition} for ${still} ms although records wait`;
  }
  return undefined;
}
