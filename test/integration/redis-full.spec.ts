import type { LedgerEvent } from '#delivery';
import { connectRedis, createLedger, type RedisConnection } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { startOwnRedis } from './own-redis.ts';

async function ownRedis(): Promise<RedisConnection> {
  const redis = connectRedis({ urls: [`redis://${await startOwnRedis()}`], keyPrefix: 'full:' });
  closeLater(() => redis.close());
  await redis.ready(10_000);
  return redis;
}

const AT = Date.now();
const event: LedgerEvent = {
  source: '/switch',
  id: 'e-1',
  kind: 'call',
  number: '0312345679',
  lineNumber: '0312345678',
  brand: 'ntt-east',
  at: AT,
  deadline: AT + 600_000,
  reason: 'notify',
  recipients: ['a@example.jp'],
};

describe('a Redis that is full', () => {
  it('is away, not wrong: no call of the ledger says that an event met a bug, and all go on when there is room', async () => {
    const redis = await ownRedis();
    const ledger = createLedger(redis);
    const claim = { event, token: 't' };
    await redis.client.config('SET', 'maxmemory', 1);
    const calls = await Promise.allSettled([ledger.claim(claim), ledger.claim(claim)]);
    const away = { status: 'rejected', reason: { code: 'REDIS_UNAVAILABLE', retryable: true } };
    expect(calls).toMatchObject([away, away]);
    await redis.client.config('SET', 'maxmemory', 0);
    const { claims } = await ledger.claim(claim);
    expect([...claims.values()]).toEqual([{ kind: 'mine', attempt: 1, doubts: 0 }]);
  });
});
