import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LedgerEvent } from '#delivery';
import { checkDurability, createLedger } from '#redis';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { killServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { failOver, startSentinelSetup } from '../support/redis-sentinel.ts';
import { openRedis } from './redis-for-test.ts';

const installation = await installRedis(() => undefined);
const AT = Date.now();

function event(id: string): LedgerEvent {
  return {
    source: '/switch',
    id,
    kind: 'call',
    number: '0312345679',
    lineNumber: '0312345678',
    brand: 'ntt-east',
    at: AT,
    deadline: AT + 600_000,
    reason: 'notify',
    recipients: ['a@example.jp'],
  };
}

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'failover-'));
  closeLater(() => rm(made, { recursive: true, force: true }));
  return made;
}

describe('a Redis behind sentinels', () => {
  it('is written to again after its master was demoted with connections open, and after it was killed', async () => {
    const setup = await startSentinelSetup(installation, await folder());
    closeLater(() => setup.close());
    const redis = await openRedis({ urls: [setup.url], keyPrefix: 'failover:' });
    await checkDurability(redis);
    const ledger = createLedger(redis);
    await ledger.claim({ event: event('e-1'), token: 't' });
    await failOver(setup);
    await eventually(() => ledger.claim({ event: event('e-2'), token: 't' }));
    await eventually(() => redis.probe().then(() => true));
    await killServer((await setup.master()).plan.folder);
    await eventually(() => ledger.claim({ event: event('e-3'), token: 't' }));
    await eventually(() => redis.probe().then(() => true));
  });
});

describe('a Redis Cluster', () => {
  it('is not there while a master is, and takes writes again when its replica has its place', async () => {
    const setup = await startCluster(installation, await folder(), { replicas: true });
    closeLater(() => setup.close());
    const redis = await openRedis({ urls: setup.urls, keyPrefix: 'failover:' });
    await checkDurability(redis);
    await killServer(setup.plans[0]?.folder ?? '');
    await expect(redis.probe()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    await eventually(() => redis.probe().then(() => true));
  });
});
