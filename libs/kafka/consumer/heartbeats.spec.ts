import type { KafkaError } from '../kafkajs/kafka-error.ts';
import { Heartbeats } from './heartbeats.ts';

const SESSION_MS = 1_000;
/** Longer than any machine stands still. */
const LONG_SESSION_MS = 600_000;

function heartbeats(sessionMs = SESSION_MS): { beats: Heartbeats; lost: KafkaError[] } {
  const lost: KafkaError[] = [];
  return { beats: new Heartbeats(sessionMs, (error) => lost.push(error)), lost };
}

const groupError = (type: string): Error => Object.assign(new Error(type), { type });

describe('Heartbeats', () => {
  it('lets work pass while the group has just heard from us', async () => {
    const { beats } = heartbeats(LONG_SESSION_MS);
    beats.answered(Date.now());
    beats.confirmed();
    await beats.fence();
    expect(beats.ageMs).toBeLessThan(LONG_SESSION_MS);
  });

  it('counts from when the heartbeat was sent, for a process may be frozen before it reads the answer', async () => {
    const { beats, lost } = heartbeats();
    const stop = beats.during(() => Promise.reject(groupError('UNKNOWN_MEMBER_ID')));
    beats.answered(Date.now() - 800);
    beats.confirmed();
    await expect(beats.fence()).rejects.toMatchObject({ code: 'partition-lost' });
    expect(lost).toHaveLength(1);
    stop();
  });

  it('asks once for all who wait at the fence, and again when kafkajs held the heartbeat back', async () => {
    const { beats } = heartbeats();
    let asked = 0;
    const stop = beats.during(async () => {
      asked++;
      if (asked < 3) return;
      beats.answered(Date.now());
      beats.confirmed();
    });
    await Promise.all([beats.fence(), beats.fence(), beats.fence()]);
    expect(asked).toBe(3);
    stop();
  });

  it('starts nothing after the group has rebalanced, until it has heard from us again', async () => {
    const { beats, lost } = heartbeats(LONG_SESSION_MS);
    beats.answered(Date.now());
    beats.confirmed();
    const stop = beats.during(() => Promise.reject(groupError('REBALANCE_IN_PROGRESS')));
    while (lost.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await expect(beats.fence()).rejects.toMatchObject({ code: 'partition-lost', retryable: true });
    stop();
    beats.answered(Date.now());
    beats.confirmed();
    await beats.fence();
  });

  it('tolerates a failed heartbeat while the session lasts', async () => {
    const { beats, lost } = heartbeats(LONG_SESSION_MS);
    beats.answered(Date.now());
    beats.confirmed();
    let failed = 0;
    const stop = beats.during(() => {
      failed++;
      return Promise.reject(new Error('connection closed'));
    });
    while (failed === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(lost).toEqual([]);
    await beats.fence();
    stop();
  });
});
