import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LedgerEvent } from '#delivery';
import { connectRedis, createLedger, type RedisConnection } from '#redis';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import { startServer, stopServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';

/** A Redis of its own, which nobody else minds to be full. */
async function ownRedis(): Promise<RedisConnection> {
  const folder = await mkdtemp(path.join(tmpdir(), 'full-redis-'));
  const quiet = (): void => undefined;
  const { signal } = new AbortController();
  const [port = 0] = await freePorts(1);
  const plan = redisServer(await installRedis(quiet, signal), folder, port);
  await startServer(plan, signal);
  const redis = connectRedis({ urls: [`redis://127.0.0.1:${port}`], keyPrefix: 'full:' });
  closeLater(async () => {
    await redis.close();
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  });
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
