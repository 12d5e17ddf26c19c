import { LanePartition } from './lane-partition.ts';
import type { Assignment } from './partition-pauses.ts';

/** The partitions of a lane by topic and number; what is known of one is kept while it stays ours. */
export class LanePartitions {
  private known = new Map<string, LanePartition>();

  assign(assignment: Assignment, now: number): void {
    const next = new Map<string, LanePartition>();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const key = `${topic}/${partition}`;
        next.set(key, this.known.get(key) ?? new LanePartition(topic, partition, now));
      }
    }
    for (const partition of next.values()) partition.movedAt = now;
    this.known = next;
  }

  /** Forgets what is known of all: others may have had them meanwhile. */
  forget(): void {
    this.known = new Map();
  }

  get(topic: string, partition: number): LanePartition | undefined {
    return this.known.get(`${topic}/${partition}`);
  }

  values(): Iterable<LanePartition> {
    return this.known.values();
  }

  /** Why partitions cannot be read on, a line for each that cannot. */
  unreadable(): string[] {
    return [...this.known.values()].flatMap((partition) => partition.unreadable ?? []);
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
export function lagOf({
  end,
  position,
  committed,
}: Pick<LanePartition, 'end' | 'position' | 'committed'>): number {
  return Math.max(0, end - Math.max(position, committed, 0));
}
