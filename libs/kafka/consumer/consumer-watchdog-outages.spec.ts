import { jest } from '@jest/globals';
import type { Admin } from '../kafkajs/kafka-client.ts';
import { AssignedPartitions } from './assigned-partitions.ts';
import { ConsumerWatchdog } from './consumer-watchdog.ts';

const SECOND_MS = 1_000;

/** A watchdog over a consumer that the group has never heard from, and a Kafka that answers while `isAway` is false. */
function watchdogOver(kafka: { isAway: boolean }): { watchdog: ConsumerWatchdog; hangs: string[] } {
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
  const watchdog = new ConsumerWatchdog({
    admin: admin as Admin,
    groupId: 'g',
    topics: ['a'],
    partitions: new AssignedPartitions(),
    isPaused: () => false,
    silentMs: () => 3_600 * SECOND_MS,
    onHang: (reason) => void hangs.push(reason),
    log: { debug: note, info: note, warn: note, error: note },
  });
  return { watchdog, hangs };
}

describe('ConsumerWatchdog', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('counts from the first answer after an outage, so that a consumer has time to join again', async () => {
    const kafka = { isAway: false };
    const { watchdog, hangs } = watchdogOver(kafka);
    watchdog.start();
    await jest.advanceTimersByTimeAsync(80 * SECOND_MS);
    kafka.isAway = true;
    await jest.advanceTimersByTimeAsync(10 * SECOND_MS);
    expect(watchdog.lastError).toBe('Kafka: connect ECONNREFUSED');
    kafka.isAway = false;
    await jest.advanceTimersByTimeAsync(90 * SECOND_MS);
    expect(watchdog.lastError).toBeUndefined();
    expect(hangs).toEqual([]);
    await jest.advanceTimersByTimeAsync(20 * SECOND_MS);
    expect(hangs).toHaveLength(1);
    await watchdog.close();
  });

  it('gives the consumer that replaces a hanging one as much time as that one had', async () => {
    const { watchdog, hangs } = watchdogOver({ isAway: false });
    watchdog.start();
    await jest.advanceTimersByTimeAsync(110 * SECOND_MS);
    expect(hangs).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(80 * SECOND_MS);
    expect(hangs).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(40 * SECOND_MS);
    expect(hangs).toHaveLength(2);
    await watchdog.close();
  });
});
