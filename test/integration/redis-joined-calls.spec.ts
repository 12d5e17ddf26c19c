import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import slotOf from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import type { LedgerEvent } from '#delivery';
import { createLedger, createSettingsStore } from '#redis';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { closeLater } from '../support/close-later.ts';
import { nodeId, ownerOf, startCluster, type ClusterSetup } from '../support/redis-cluster.ts';
import { withRedisAt } from '../support/redis-node.ts';
import { anEvent } from './ledger-for-test.ts';
import { openRedis } from './redis-for-test.ts';

const PREFIX = 'joined:';
const EVENTS = 300;
const AT = Date.now();
/** What is tested is not how fast a busy machine answers. */
const PATIENCE_MS = 30_000;

/** The same event each time, owed longer than the test takes. */
const event = (id: string): LedgerEvent => anEvent(['a@example.jp'], { id, at: AT, deadline: AT + 600_000 });

async function openCluster(): Promise<ClusterSetup> {
  const folder = await mkdtemp(path.join(tmpdir(), 'joined-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  const setup = await startCluster(await installRedis(() => undefined), folder, { replicas: false });
  closeLater(() => setup.close());
  return setup;
}

/** The sum over all nodes of what a section of INFO counts. */
async function countOf({ nodes }: ClusterSetup, section: string, counter: RegExp): Promise<number> {
  const infos = await Promise.all(nodes.map(({ port }) => withRedisAt(port, (redis) => redis.info(section))));
  return [...infos.join('\n').matchAll(counter)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** How often any script was run on any node. */
function scriptRuns(setup: ClusterSetup): Promise<number> {
  return countOf(setup, 'commandstats', /cmdstat_eval(?:sha)?:calls=(\d+)/g);
}

/** How often any node has read from a connection. */
function readsProcessed(setup: ClusterSetup): Promise<number> {
  return countOf(setup, 'stats', /total_reads_processed:(\d+)/g);
}

describe("the ledger's calls on a Redis Cluster", () => {
  it('are batched for each master, and find their event when its slot has moved', async () => {
    const setup = await openCluster();
    const redis = await openRedis({ urls: setup.urls, keyPrefix: PREFIX, commandTimeoutMs: PATIENCE_MS });
    const ledger = createLedger(redis);
    const events = Array.from({ length: EVENTS }, (_, index) => event(`e-${index}`));
    const claimAll = () => Promise.all(events.map((one) => ledger.claim({ event: one, token: one.id })));
    const first = await claimAll();
    expect(first.map(({ claims }) => claims.get('a@example.jp')?.kind)).toEqual(
      Array.from({ length: EVENTS }, () => 'mine'),
    );
    expect(await scriptRuns(setup)).toBeLessThan(EVENTS / 10);

    const [key = ''] = await withRedisAt(setup.nodes[0]?.port ?? 0, (node) => node.keys(`${PREFIX}event:*`));
    await moveSlot(setup, slotOf(key), key);
    // The client believes that the slot is where it was, so the call travels with those of its old master.
    const again = await claimAll();
    expect(again.map(({ claims }) => claims.get('a@example.jp'))).toEqual(
      Array.from({ length: EVENTS }, () => ({ kind: 'mine', attempt: 1, doubts: 0 })),
    );
    const others = await Promise.all(events.map((one) => ledger.claim({ event: one, token: 'other' })));
    expect(others.map(({ claims }) => claims.get('a@example.jp')?.kind)).toEqual(
      Array.from({ length: EVENTS }, () => 'busy'),
    );
  });
});

describe('the settings of a batch of calls on a Redis Cluster', () => {
  it('are read in one go from each master', async () => {
    const setup = await openCluster();
    const store = createSettingsStore(
      await openRedis({ urls: setup.urls, keyPrefix: PREFIX, commandTimeoutMs: PATIENCE_MS }),
    );
    const numbers = Array.from({ length: EVENTS }, (_, index) => `050${10_000_000 + index}`);
    const before = await readsProcessed(setup);
    expect(await store.numbers(numbers)).toEqual(numbers.map(() => undefined));
    expect((await readsProcessed(setup)) - before).toBeLessThan(EVENTS / 5);
  });
});

/** Moves a slot with its one key to another master, as `redis-cli --cluster reshard` does. */
async function moveSlot(setup: ClusterSetup, slot: number, key: string): Promise<void> {
  const from = await ownerOf(setup, slot);
  const to = setup.nodes.find(({ port }) => port !== from.port);
  if (!to) throw new Error('no other master');
  const [fromId, toId] = await Promise.all([nodeId(from), nodeId(to)]);
  const at = (port: number, ...args: [string, ...(string | number)[]]): Promise<unknown> =>
    withRedisAt(port, (redis: Redis) => redis.call(...args));
  await at(to.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
  await at(from.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
  await at(from.port, 'MIGRATE', '127.0.0.1', to.port, key, 0, 5_000);
  await at(to.port, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
  await at(from.port, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
}
