import type { Assignment } from './partition-pauses.ts';
import { PartitionProgress } from './partition-progress.ts';

/** The progress of each assigned partition, kept over rebalances for as long as the partition stays assigned. */
export class AssignedPartitions {
  private byKey = new Map<string, PartitionProgress>();

  assign(assignment: Assignment, now: number): void {
    const next = new Map<string, PartitionProgress>();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const key = `${topic}/${partition}`;
        next.set(key, this.byKey.get(key) ?? new PartitionProgress(topic, partition, now));
      }
    }
    for (const progress of next.values()) progress.lastProgressAt = now;
    this.byKey = next;
  }

  /** Forgets all progress: other consumers may have had the partitions meanwhile. */
  forget(): void {
    this.byKey = new Map();
  }

  get(topic: string, partition: number): PartitionProgress | undefined {
    return this.byKey.get(`${topic}/${partition}`);
  }

  values(): Iterable<PartitionProgress> {
    return this.byKey.values();
  }

  /** A reason for each partition that cannot be read any further. */
  unreadable(): string[] {
    return [...this.byKey.values()].flatMap((progress) => progress.unreadable ?? []);
  }

  /** The number of unacknowledged records, by topic as it is in Kafka. */
  lag(): Map<string, number> {
    const lag = new Map<string, number>();
    for (const progress of this.byKey.values()) {
      lag.set(progress.topic, (lag.get(progress.topic) ?? 0) + lagOf(progress));
    }
    return lag;
  }

  /** The age in milliseconds of the oldest unacknowledged record that was fetched, by topic as it is in Kafka. */
  oldestUnackedMs(now: number): Map<string, number> {
    const ages = new Map<string, number>();
    for (const { topic, oldestUnacked } of this.byKey.values()) {
      const age = oldestUnacked === undefined ? 0 : Math.max(0, now - oldestUnacked);
      ages.set(topic, Math.max(ages.get(topic) ?? 0, age));
    }
    return ages;
  }
}

/** The number of unacknowledged records of a partition. */
export function lagOf({
  highWatermark,
  position,
  committed,
}: Pick<PartitionProgress, 'highWatermark' | 'position' | 'committed'>): number {
  return Math.max(0, highWatermark - Math.max(position, committed, 0));
}
