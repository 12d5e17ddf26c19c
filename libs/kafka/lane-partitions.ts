import type { SettledAhead } from './batch-run.ts';
import type { Assignment } from './partition-pauses.ts';

/** What a lane knows of one of its partitions. */
export interface LanePartition {
  /** As it is in Kafka. */
  readonly topic: string;
  readonly partition: number;
  /** The next offset to be settled; -1 until something of it was read. */
  position: number;
  /** Where the partition's log ended when Kafka last told. */
  end: number;
  /** What another reader of the group had committed before us; -1 when nothing. */
  committed: number;
  /** Kafka's timestamp of the first unsettled record in hand; absent when none is. */
  oldest: number | undefined;
  settledAhead: SettledAhead;
  /** When a batch of it was last begun or ended, epoch ms. */
  movedAt: number;
}

export const NOTHING_AHEAD: SettledAhead = new Map();

/** The partitions of a lane by topic and number; what is known of one is kept while it stays ours. */
export class LanePartitions {
  private known = new Map<string, LanePartition>();

  assign(assignment: Assignment, now: number): void {
    const next = new Map<string, LanePartition>();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const key = `${topic}/${partition}`;
        const before = this.known.get(key);
        next.set(key, before ?? freshPartition(topic, partition, now));
      }
    }
    for (const partition of next.values()) partition.movedAt = now;
    this.known = next;
  }

  get(topic: string, partition: number): LanePartition | undefined {
    return this.known.get(`${topic}/${partition}`);
  }

  values(): Iterable<LanePartition> {
    return this.known.values();
  }

  /** Records not yet settled, by topic as it is in Kafka. */
  lag(): Map<string, number> {
    const lag = new Map<string, number>();
    for (const partition of this.known.values()) {
      lag.set(partition.topic, (lag.get(partition.topic) ?? 0) + lagOf(partition));
    }
    return lag;
  }

  /** Age in milliseconds of the oldest unsettled record in hand, by topic as it is in Kafka. */
  oldestUnsettledMs(now: number): Map<string, number> {
    const ages = new Map<string, number>();
    for (const { topic, oldest } of this.known.values()) {
      const age = oldest === undefined ? 0 : Math.max(0, now - oldest);
      ages.set(topic, Math.max(ages.get(topic) ?? 0, age));
    }
    return ages;
  }
}

/** How many records of a partition are not settled. */
export function lagOf({ end, position, committed }: LanePartition): number {
  return Math.max(0, end - Math.max(position, committed, 0));
}

function freshPartition(topic: string, partition: number, now: number): LanePartition {
  return {
    topic,
    partition,
    position: -1,
    end: 0,
    committed: -1,
    oldest: undefined,
    settledAhead: NOTHING_AHEAD,
    movedAt: now,
  };
}
