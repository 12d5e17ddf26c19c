import { AssignedPartitions } from './assigned-partitions.ts';
import type { InFlightBatch } from './in-flight-batch.ts';
import type { PartitionProgress } from './partition-progress.ts';

/** Acknowledges everything before `position`. */
function ackBefore(partition: PartitionProgress, position: number): PartitionProgress {
  partition.skip(String(position - 1));
  partition.advance();
  return partition;
}

/** Begins a batch whose first unacknowledged record has this timestamp. */
function begin(partition: PartitionProgress, timestamp: number): void {
  const batch: Partial<InFlightBatch> = {
    isFullyAcked: false,
    ackedTo: '1',
    endOffset: '2',
    oldestUnacked: timestamp,
  };
  partition.begin(batch as InFlightBatch, '2');
}

describe('AssignedPartitions', () => {
  it('sums the lag by topic, from what Kafka, the group and we know', () => {
    const partitions = new AssignedPartitions();
    partitions.assign({ a: [0, 1, 2], b: [0] }, 0);
    Object.assign(ackBefore(partitions.get('a', 0)!, 4), { highWatermark: 10 });
    Object.assign(partitions.get('a', 1)!, { highWatermark: 10, committed: 7 });
    Object.assign(ackBefore(partitions.get('a', 2)!, 12), { highWatermark: 10, committed: 3 });
    expect([...partitions.lag()]).toEqual([
      ['a', 9],
      ['b', 0],
    ]);
  });

  it('gives the age of the oldest unacknowledged record', () => {
    const partitions = new AssignedPartitions();
    partitions.assign({ a: [0, 1], b: [0] }, 0);
    begin(partitions.get('a', 0)!, 900);
    begin(partitions.get('a', 1)!, 400);
    expect([...partitions.oldestUnackedMs(1_000)]).toEqual([
      ['a', 600],
      ['b', 0],
    ]);
  });

  it('keeps the progress of a partition that stays assigned and forgets that of one that goes', () => {
    const partitions = new AssignedPartitions();
    partitions.assign({ a: [0, 1] }, 0);
    const kept = partitions.get('a', 1);
    partitions.assign({ a: [1, 2] }, 5);
    expect(partitions.get('a', 1)).toBe(kept);
    expect(partitions.get('a', 0)).toBeUndefined();
    expect(kept!.lastProgressAt).toBe(5);
  });
});
