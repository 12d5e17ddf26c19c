import { AssignedPartitions } from './assigned-partitions.ts';
import { findHang } from './consumer-watchdog.ts';
import type { PartitionProgress } from './partition-progress.ts';

const MINUTE_MS = 60_000;

/** The group hears from the consumer, and Kafka has answered for long. */
const heard = { silentMs: 0, answersMs: 60 * MINUTE_MS };

/** Acknowledges everything before `position`. */
function ackBefore(partition: PartitionProgress, position: number): PartitionProgress {
  partition.skip(String(position - 1));
  partition.advance();
  return partition;
}

function consumer(
  { position, ...changes }: { highWatermark: number; position: number; lastProgressAt: number },
  paused = false,
) {
  const partitions = new AssignedPartitions();
  partitions.assign({ 'stage-a': [0, 1] }, 0);
  Object.assign(ackBefore(partitions.get('stage-a', 1)!, position), changes);
  return { groupId: 'g', partitions, isPaused: () => paused };
}

describe('findHang', () => {
  it('finds nothing wrong with a consumer that has nothing to do, however long', () => {
    const idle = consumer({ highWatermark: 7, position: 7, lastProgressAt: 0 });
    expect(findHang(idle, heard, 60 * MINUTE_MS)).toBeUndefined();
    Object.assign(idle.partitions.get('stage-a', 1)!, { highWatermark: 8 });
    expect(findHang(idle, heard, 61 * MINUTE_MS)).toBeUndefined();
    expect(findHang(idle, heard, 63 * MINUTE_MS)).toMatch(
      /^nothing was read of stage-a\/1 for 180000 ms although records wait$/,
    );
  });

  it('reports a partition whose records wait and of which nothing was read for two minutes', () => {
    const stuck = { highWatermark: 8, position: 7, lastProgressAt: 10 * MINUTE_MS };
    expect(findHang(consumer(stuck), heard, 11 * MINUTE_MS)).toBeUndefined();
    expect(findHang(consumer(stuck), heard, 13 * MINUTE_MS)).toBeDefined();
  });

  it('does not report a paused partition', () => {
    expect(
      findHang(consumer({ highWatermark: 8, position: 7, lastProgressAt: 0 }, true), heard, 60 * MINUTE_MS),
    ).toBeUndefined();
  });

  it('reports a consumer that the group has not heard from for long', () => {
    const idle = consumer({ highWatermark: 7, position: 7, lastProgressAt: 0 });
    expect(findHang(idle, { ...heard, silentMs: 100_000 }, 0)).toMatch(
      /^the group g has not heard from this consumer for 100000 ms$/,
    );
    expect(findHang(idle, { ...heard, silentMs: 20_000 }, 0)).toBeUndefined();
  });

  it('counts only the time for which Kafka answers: right after an outage no consumer hangs', () => {
    const stuck = consumer({ highWatermark: 8, position: 7, lastProgressAt: 0 });
    expect(findHang(stuck, { silentMs: 600_000, answersMs: 0 }, 10 * MINUTE_MS)).toBeUndefined();
    expect(findHang(stuck, { silentMs: 690_000, answersMs: 90_001 }, 12 * MINUTE_MS)).toBeDefined();
    expect(findHang(stuck, { silentMs: 0, answersMs: 119_000 }, 12 * MINUTE_MS)).toBeUndefined();
    expect(findHang(stuck, { silentMs: 0, answersMs: 121_000 }, 12 * MINUTE_MS)).toBeDefined();
  });
});
