import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LedgerEvent } from '#delivery';
import {
  checkDurability,
  createLedger,
  createSettingsRepository,
  createSettingsStore,
  type RedisConnection,
} from '#redis';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { closeLater } from '../support/close-later.ts';
import { beginMove, endMove, moveKeys } from '../support/move-slots.ts';
import { ownerOf, startCluster, type ClusterSetup } from '../support/redis-cluster.ts';
import { withRedisAt } from '../support/redis-node.ts';
import { anEvent } from './ledger-for-test.ts';
import { openRedis } from './redis-for-test.ts';

const LIMIT = 60_000;
const SLOTS = 16_384;
const AT = Date.now();
let setup: ClusterSetup;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'slot-move-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  setup = await startCluster(await installRedis(() => undefined), folder, { replicas: false });
  closeLater(() => setup.close());
}, LIMIT);

/** Two telephone numbers in the same slot, and the slot. */
async function numbersTogether({ client }: RedisConnection): Promise<[string, string, number]> {
  const bySlot = new Map<number, string>();
  for (let index = 0; ; index += 1) {
    const number = `050${10_000_000 + index}`;
    const slot = await client.cluster('KEYSLOT', number);
    const other = bySlot.get(slot);
    if (other !== undefined) return [other, number, slot];
    bySlot.set(slot, number);
  }
}

/** The same event each time, owed longer than the test takes. */
const event = (id: string): LedgerEvent => anEvent(['a@example.jp'], { id, at: AT, deadline: AT + 600_000 });

describe('a migrating slot of a Redis Cluster', () => {
  it('makes no number seem unknown that has not moved yet and is read together with one that has', async () => {
    const redis = await openRedis({ urls: setup.urls, commandTimeoutMs: LIMIT });
    const repository = createSettingsRepository(redis, await checkDurability(redis));
    closeLater(() => repository.close());
    const [one, other, slot] = await numbersTogether(redis);
    for (const number of [one, other])
      await repository.putLine({ lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [number] });
    const store = createSettingsStore(redis);
    const expectBoth = async (): Promise<void> =>
      expect(await store.numbers([one, other])).toEqual([expect.anything(), expect.anything()]);
    const from = await ownerOf(setup, slot);
    const to = setup.nodes.find((node) => node !== from) ?? from;
    const move = { slots: [slot], from, to };
    await beginMove(move);
    await expectBoth();
    await withRedisAt(from.port, (node) =>
      node.migrate('127.0.0.1', to.port, `${redis.keyPrefix}number:{${other}}`, 0, 5_000),
    );
    await expectBoth();
    await moveKeys(move);
    await expectBoth();
    await endMove(move);
    await expectBoth();
    for (const step of [beginMove, moveKeys, endMove]) await step({ slots: [slot], from: to, to: from });
    await expectBoth();
  });

  it('gives no claim to a second owner, and takes new ones, at every stage of the migration', async () => {
    const redis = await openRedis({ urls: setup.urls, commandTimeoutMs: LIMIT });
    const ledger = createLedger(redis);
    const slots = Array.from({ length: SLOTS / 4 }, (_, slot) => slot);
    const from = await ownerOf(setup, 0);
    const to = await ownerOf(setup, SLOTS - 1);
    const move = { slots, from, to };
    const ids: string[] = [];
    const claimAll = (token: string) =>
      Promise.all(ids.map(async (id) => (await ledger.claim({ event: event(id), token })).claims));
    const states = [
      async () => undefined,
      () => beginMove(move),
      () => moveKeys({ ...move, slots: slots.filter((slot) => slot % 2 === 0) }),
      () => moveKeys(move),
      () => endMove(move),
    ];
    for (const [index, reach] of states.entries()) {
      await reach();
      const others = await claimAll(`other-${index}`);
      expect(new Set(others.flatMap((claims) => [...claims.values()].map(({ kind }) => kind)))).toEqual(
        new Set(index === 0 ? [] : ['busy']),
      );
      const fresh = Array.from({ length: 200 }, (_, number) => `e-${index}-${number}`);
      const first = await Promise.all(
        fresh.map(async (id) => (await ledger.claim({ event: event(id), token: 'first' })).claims),
      );
      expect(first.flatMap((claims) => [...claims.values()].filter(({ kind }) => kind !== 'mine'))).toEqual(
        [],
      );
      ids.push(...fresh);
    }
  });
});

describe('a slot of a Redis Cluster that no master serves', () => {
  it('makes the cluster unavailable, although each master takes writes', async () => {
    const everywhere = (...command: [string, ...string[]]) =>
      Promise.all(setup.nodes.map(({ port }) => withRedisAt(port, (node) => node.call(...command))));
    const owner = await ownerOf(setup, 0);
    await everywhere('CONFIG', 'SET', 'cluster-require-full-coverage', 'no');
    await everywhere('CLUSTER', 'DELSLOTS', '0');
    const redis = await openRedis({ urls: setup.urls });
    await expect(redis.probe()).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      message: expect.stringContaining('1 of 16384 slots are served by no master') as string,
    });
    await withRedisAt(owner.port, (node) => node.call('CLUSTER', 'ADDSLOTS', '0'));
  });
});
