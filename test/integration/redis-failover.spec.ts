import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LedgerEvent } from '#delivery';
import {
  checkDurability,
  connectRedis,
  createLedger,
  createSettingsStore,
  type RedisConnection,
} from '#redis';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { killServer, startServer, stopServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { startProxy, type RedisProxy } from '../support/redis-proxy.ts';
import { changePlaces, isInStep, planNodes, withRedisAt } from '../support/redis-node.ts';
import { startCluster } from '../support/redis-cluster.ts';
import { failOver, startSentinelSetup } from '../support/redis-sentinel.ts';
import { anEvent } from './ledger-for-test.ts';
import { openRedis } from './redis-for-test.ts';

const installation = await installRedis(() => undefined);
const AT = Date.now();

/** The same event each time, owed longer than the test takes. */
const event = (id: string): LedgerEvent => anEvent(['a@example.jp'], { id, at: AT, deadline: AT + 600_000 });

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'failover-'));
  closeLater(() => rm(made, { recursive: true, force: true }));
  return made;
}

describe('a Redis behind an address that leads new connections to the master', () => {
  it('takes writes again after its master was demoted without closing connections', async () => {
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

describe('a Redis that cannot be read', () => {
  async function pair(): Promise<{ one: number; other: number; proxy: RedisProxy }> {
    const nodes = await planNodes(installation, await folder(), 2, async () => ({}));
    closeLater(() => Promise.all(nodes.map(({ plan }) => stopServer(plan.folder))));
    await Promise.all(nodes.map(({ plan }) => startServer(plan)));
    const [one = 0, other = 0] = nodes.map(({ port }) => port);
    const proxy = await startProxy(`redis://127.0.0.1:${one}`);
    closeLater(() => proxy.close());
    return { one, other, proxy };
  }
  const readSettings = (redis: RedisConnection): Promise<unknown[]> =>
    createSettingsStore(redis).numbers(['0312345678']);
  const readLedger = async (redis: RedisConnection): Promise<unknown[]> => [
    await createLedger(redis).find('/switch', 'e-1'),
  ];

  it.each([
    ['a command', readSettings],
    ['a joined script', readLedger],
  ])(
    'since it has lost its master is left for the one that the address leads to now, by %s',
    async (_, read) => {
      const { one, proxy, other } = await pair();
      const redis = await openRedis({ urls: [proxy.url] });
      await read(redis);
      proxy.turnTo(other);
      await withRedisAt(one, async (node) => {
        await node.config('SET', 'replica-serve-stale-data', 'no');
        await node.replicaof('127.0.0.1', 1);
      });
      expect(await eventually(() => read(redis))).toEqual([undefined]);
    },
  );

  it('since it loads what its new master has is left, too', async () => {
    const { one, other, proxy } = await pair();
    const redis = await openRedis({ urls: [proxy.url] });
    await readSettings(redis);
    await withRedisAt(other, async (node) => {
      await node.config('SET', 'rdbcompression', 'no');
      await node.mset(
        Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [index, 'x'.repeat(2_000)])),
      );
    });
    await withRedisAt(one, async (node) => {
      // A tenth of a second a key: longer than this test has patience.
      await node.config('SET', 'key-load-delay', '100000');
      await node.config('SET', 'loading-process-events-interval-bytes', '1024');
      await node.replicaof('127.0.0.1', other);
      await eventually(async () => /loading:1/.test(await node.info('persistence')));
      proxy.turnTo(other);
      expect(await eventually(() => readSettings(redis))).toEqual([undefined]);
      // A new connection looks every second whether it is over, not when Redis thinks that it will be.
      const early = connectRedis({ urls: [`redis://127.0.0.1:${one}`], keyPrefix: '' });
      closeLater(() => early.close());
      let ours = 0;
      const looks = async (): Promise<number> => {
        ours += 1;
        const [, calls] = /^cmdstat_info:calls=(\d+)/m.exec(await node.info('commandstats')) ?? [];
        return Number(calls) - ours;
      };
      const before = await looks();
      await eventually(async () => (await looks()) - before >= 6);
      await node.config('SET', 'key-load-delay', '0');
    });
  });
});

describe('a Redis behind sentinels', () => {
  it('is left when the sentinels name another master, although it still takes writes', async () => {
    const setup = await startSentinelSetup(installation, await folder());
    closeLater(() => setup.close());
    const redis = await openRedis({ urls: [setup.url], keyPrefix: 'failover:' });
    const [old, next] = setup.nodes;
    // The sentinels may not come in any more; who is in, stays.
    await withRedisAt(old?.port ?? 0, async (node) => {
      await node.call('ACL', 'SETUSER', 'default', 'resetpass', '>unknown-to-them');
      const clients = (await node.client('LIST')) as string;
      for (const [, id = ''] of clients.matchAll(/^id=(\d+) .*name=sentinel-/gm))
        await node.client('KILL', 'ID', id);
    });
    await eventually(async () => (await setup.master()) === next);
    const isThere = async (): Promise<boolean> => {
      await redis.probe();
      return (await withRedisAt(next?.port ?? 0, (node) => node.exists('failover:probe'))) === 1;
    };
    expect(await eventually(isThere)).toBe(true);
  });

  it('takes writes again after the sentinels demoted its master, and after it was killed', async () => {
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
  it('is unavailable while a master is down, and takes writes again once its replica is promoted', async () => {
    const setup = await startCluster(installation, await folder(), { replicas: true });
    closeLater(() => setup.close());
    const redis = await openRedis({ urls: setup.urls, keyPrefix: 'failover:' });
    await checkDurability(redis);
    await killServer(setup.plans[0]?.folder ?? '');
    await expect(redis.probe()).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    await eventually(() => redis.probe().then(() => true));
  });
});
