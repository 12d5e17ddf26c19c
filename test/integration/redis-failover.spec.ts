import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LedgerEvent } from '#delivery';
import { checkDurability, createLedger } from '#redis';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { killServer, startServer, stopServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startProxy } from '../support/redis-proxy.ts';
import { changePlaces, isInStep, planNodes, withRedisAt } from '../support/redis-node.ts';
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

describe('a Redis behind an address that leads new connections to the master', () => {
  it('is written to again after its master was demoted and closed no connection', async () => {
    const plain = await planNodes(installation, await folder(), 2, async () => ({}));
    closeLater(() => Promise.all(plain.map(({ plan }) => stopServer(plan.folder))));
    await Promise.all(plain.map(({ plan }) => startServer(plan)));
    const [master = 0, replica = 0] = plain.map(({ port }) => port);
    await withRedisAt(replica, (node) => node.replicaof('127.0.0.1', master));
    await eventually(() => isInStep(replica));
    const proxy = await startProxy(`redis://127.0.0.1:${master}`);
    closeLater(() => proxy.close());
    const redis = await openRedis({ urls: [proxy.url], keyPrefix: 'failover:' });
    const ledger = createLedger(redis);
    await ledger.claim({ event: event('e-1'), token: 't' });
    proxy.turnTo(replica);
    await changePlaces(master, replica);
    const { claims } = await eventually(() => ledger.claim({ event: event('e-2'), token: 't' }));
    expect(claims.get('a@example.jp')).toMatchObject({ kind: 'mine' });
    await eventually(() => redis.probe().then(() => true));
  });
});

describe('a Redis behind sentinels', () => {
  it('is written to again after the sentinels demoted its master, and after it was killed', async () => {
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
