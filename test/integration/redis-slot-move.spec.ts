import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkDurability, createSettingsRepository, createSettingsStore, type RedisConnection } from '#redis';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { closeLater } from '../support/close-later.ts';
import { beginMove, endMove, moveKeys } from '../support/move-slots.ts';
import { ownerOf, startCluster, type ClusterSetup } from '../support/redis-cluster.ts';
import { withRedisAt } from '../support/redis-node.ts';
import { openRedis } from './redis-for-test.ts';

const LIMIT = 60_000;
let setup: ClusterSetup;

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'slot-move-'));
  closeLater(() => rm(folder, { recursive: true, force: true }));
  setup = await startCluster(await installRedis(() => undefined), folder, { replicas: false });
  closeLater(() => setup.close());
}, LIMIT);

/** Two telephone numbers that lie in the same slot, and the slot: among so many there are. */
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

describe('a slot of a Redis Cluster that moves', () => {
  it('makes no number unknown that has not moved yet and is asked for together with one that has', async () => {
    const redis = await openRedis({ urls: setup.urls });
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
});
