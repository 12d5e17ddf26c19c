import type { BatchRun } from './batch-run.ts';
import type { LanePartition } from './lane-partition.ts';
import { LanePartitions } from './lane-partitions.ts';
import { findHang } from './lane-watch.ts';

const MINUTE_MS = 60_000;

/** The group hears of it, and Kafka has answered for long. */
const heard = { silentMs: 0, answersMs: 60 * MINUTE_MS };

/** Everything before `position` is settled. */
function settle(partition: LanePartition, position: number): LanePartition {
  partition.skip(String(position - 1));
  partition.advance();
  return partition;
}

/** A batch is in work whose first unsettled record is of `timestamp`. */
function work(partition: LanePartition, timestamp: number): void {
  const run: Partial<BatchRun> = { finished: false, position: '1', end: '2', oldestUnsettled: timestamp };
  partition.begin(run as BatchRun, '2');
}

function lane({ position, ...changes }: { end: number; position: number; movedAt: number }, paused = false) {
  const partitions = new LanePartitions();
  partitions.assign({ 'stage-a': [0, 1] }, 0);
  Object.assign(settle(partitions.get('stage-a', 1)!, position), changes);
  return { groupId: 'g', partitions, isPaused: () => paused };
}

describe('findHang', () => {
  it('finds nothing wrong with a lane that has nothing to do, however long', () => {
    const idle = lane({ end: 7, position: 7, movedAt: 0 });
    expect(findHang(idle, heard, 60 * MINUTE_MS)).toBeUndefined();
    Object.assign(idle.partitions.get('stage-a', 1)!, { end: 8 });
    expect(findHang(idle, heard, 61 * MINUTE_MS)).toBeUndefined();
    expect(findHang(idle, heard, 63 * MINUTE_MS)).toMatch(
      /^nothing was read of stage-a\/1 for 180000 ms although records wait$/,
    );
  });

  it('takes a partition for hanging whose records wait and of which nothing was read for two minutes', () => {
    const stuck = { end: 8, position: 7, movedAt: 10 * MINUTE_MS };
    expect(findHang(lane(stuck), heard, 11 * MINUTE_MS)).toBeUndefined();
    expect(findHang(lane(stuck), heard, 13 * MINUTE_MS)).toBeDefined();
  });

  it('does not take a partition that rests for one that hangs', () => {
    expect(findHang(lane({ end: 8, position: 7, movedAt: 0 }, true), heard, 60 * MINUTE_MS)).toBeUndefined();
  });

  it('takes a consumer for hanging of which the group has not heard for long', () => {
    const idle = lane({ end: 7, position: 7, movedAt: 0 });
    expect(findHang(idle, { ...heard, silentMs: 100_000 }, 0)).toMatch(
      /^the group g has not heard of this consumer for 100000 ms$/,
    );
    expect(findHang(idle, { ...heard, silentMs: 20_000 }, 0)).toBeUndefined();
  });

  it('counts only the time for which Kafka answers: right after an outage nobody hangs', () => {
    const stuck = lane({ end: 8, position: 7, movedAt: 0 });
    expect(findHang(stuck, { silentMs: 600_000, answersMs: 0 }, 10 * MINUTE_MS)).toBeUndefined();
    expect(findHang(stuck, { silentMs: 690_000, answersMs: 90_001 }, 12 * MINUTE_MS)).toBeDefined();
    expect(findHang(stuck, { silentMs: 0, answersMs: 119_000 }, 12 * MINUTE_MS)).toBeUndefined();
    expect(findHang(stuck, { silentMs: 0, answersMs: 121_000 }, 12 * MINUTE_MS)).toBeDefined();
  });
});

describe('LanePartitions', () => {
  it('sums what is not settled by topic, from what Kafka, the group and we know', () => {
    const partitions = new LanePartitions();
    partitions.assign({ a: [0, 1, 2], b: [0] }, 0);
    Object.assign(settle(partitions.get('a', 0)!, 4), { end: 10 });
    Object.assign(partitions.get('a', 1)!, { end: 10, committed: 7 });
    Object.assign(settle(partitions.get('a', 2)!, 12), { end: 10, committed: 3 });
    expect([...partitions.lag()]).toEqual([
      ['a', 9],
      ['b', 0],
    ]);
  });

  it('knows the age of the oldest unsettled record', () => {
    const partitions = new LanePartitions();
    partitions.assign({ a: [0, 1], b: [0] }, 0);
    work(partitions.get('a', 0)!, 900);
    work(partitions.get('a', 1)!, 400);
    expect([...partitions.oldestUnsettledMs(1_000)]).toEqual([
      ['a', 600],
      ['b', 0],
    ]);
  });

  it('keeps what it knows of a partition that stays and forgets one that goes', () => {
    const partitions = new LanePartitions();
    partitions.assign({ a: [0, 1] }, 0);
    const kept = partitions.get('a', 1);
    partitions.assign({ a: [1, 2] }, 5);
    expect(partitions.get('a', 1)).toBe(kept);
    expect(partitions.get('a', 0)).toBeUndefined();
    expect(kept!.movedAt).toBe(5);
  });
});
