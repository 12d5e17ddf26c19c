import { jest } from '@jest/globals';
import type { Admin } from '../kafkajs/kafka-client.ts';
import { LanePartitions } from './lane-partitions.ts';
import { LaneWatch } from './lane-watch.ts';

const SECOND_MS = 1_000;

/** A watch over a consumer of which the group never heard, and a Kafka that answers while `isAway` is false. */
function watchOver(kafka: { isAway: boolean }): { watch: LaneWatch; hangs: string[] } {
  const answer = async (): Promise<never[]> => {
    if (kafka.isAway) throw new Error('connect ECONNREFUSED');
    return [];
  };
  const admin: Pick<Admin, 'connect' | 'disconnect' | 'fetchOffsets' | 'fetchTopicOffsets'> = {
    connect: async () => undefined,
    disconnect: async () => undefined,
    fetchOffsets: answer,
    fetchTopicOffsets: answer,
  };
  const hangs: string[] = [];
  const note = (): void => {};
  const watch = new LaneWatch({
    admin: admin as Admin,
    groupId: 'g',
    topics: ['a'],
    partitions: new LanePartitions(),
    isPaused: () => false,
    silentMs: () => 3_600 * SECOND_MS,
    onHang: (reason) => void hangs.push(reason),
    log: { debug: note, info: note, warn: note, error: note },
  });
  return { watch, hangs };
}

describe('LaneWatch', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('counts from the first answer behind an outage: a consumer has time to join again', async () => {
    const kafka = { isAway: false };
    const { watch, hangs } = watchOver(kafka);
    watch.start();
    await jest.advanceTimersByTimeAsync(80 * SECOND_MS);
    kafka.isAway = true;
    await jest.advanceTimersByTimeAsync(10 * SECOND_MS);
    expect(watch.trouble).toBe('Kafka: connect ECONNREFUSED');
    kafka.isAway = false;
    await jest.advanceTimersByTimeAsync(90 * SECOND_MS);
    expect(watch.trouble).toBeUndefined();
    expect(hangs).toEqual([]);
    await jest.advanceTimersByTimeAsync(20 * SECOND_MS);
    expect(hangs).toHaveLength(1);
    await watch.close();
  });

  it('gives the consumer that takes the place of one that hung as long as that one had', async () => {
    const { watch, hangs } = watchOver({ isAway: false });
    watch.start();
    await jest.advanceTimersByTimeAsync(110 * SECOND_MS);
    expect(hangs).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(80 * SECOND_MS);
    expect(hangs).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(40 * SECOND_MS);
    expect(hangs).toHaveLength(2);
    await watch.close();
  });
});
