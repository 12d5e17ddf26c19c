import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LANE_TOPICS } from '#events';
import { connectRedis } from '#redis';
import { dataFolder, startServer, stopServer } from '../../tools/stack/server.ts';
import type { Ground } from '../chaos/ground.ts';
import { createRandom } from '../chaos/random.ts';
import { REDIS_KEY_PREFIX } from '../chaos/subscribers.ts';
import { Scene } from '../chaos/scene.ts';
import { openSmallGround } from '../chaos/small-ground.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import { runOps } from '../support/run-ops.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT_MS = 400_000;
const SETTLED_MS = 120_000;
const FLOW_MS = 3_000;

/** Copies what Redis holds, as docs/backup.md says. */
async function copyOf({ redis, redisUrl, folder }: Ground): Promise<string> {
  const connection = connectRedis({ urls: [redisUrl], keyPrefix: '', commandTimeoutMs: 30_000 });
  await connection.ready(10_000);
  await connection.client.call('SAVE');
  await connection.close();
  const copy = path.join(folder, 'copy.rdb');
  await cp(path.join(dataFolder(redis.folder), 'dump.rdb'), copy);
  return copy;
}

/** Puts a copy in place of what Redis holds, as docs/backup.md says. */
async function restore({ redis }: Ground, copy: string): Promise<void> {
  await stopServer(redis.folder);
  const data = dataFolder(redis.folder);
  await rm(data, { recursive: true, force: true });
  const files = path.join(data, 'appendonlydir');
  await mkdir(files, { recursive: true });
  await cp(copy, path.join(files, 'appendonly.aof.1.base.rdb'));
  await writeFile(
    path.join(files, 'appendonly.aof.manifest'),
    'file appendonly.aof.1.base.rdb seq 1 type b\n',
  );
  await startServer(redis);
}

/** Lets a notifier read everything from the beginning again, the worst that can happen; resolves when it has. */
async function readEverythingAgain(scene: Scene): Promise<void> {
  const admin = await testAdmin();
  await admin.deleteGroups(Object.keys(LANE_TOPICS).map((lane) => `${scene.name}-${lane}`));
  await scene.startNotifier();
  await eventually(async () => (await scene.kafka.uncommitted()) === 0, SETTLED_MS);
  await scene.stopAll();
}

/** How many mails came more than once. */
function doubled({ mail }: Scene): number {
  const copies = Map.groupBy(mail.copies, ({ address }) => address);
  return [...copies.values()].reduce((sum, of) => sum + of.length - 1, 0);
}

describe('a Redis restored from an earlier copy', () => {
  it(
    'doubles nothing that outcomes tell, when the ledger is rebuilt from them',
    async () => {
      const ground = await openSmallGround(kafkaBrokers().join(','));
      closeLater(() => ground.close());
      const name = uniqueName('restored');
      const scene = new Scene(ground, name, createRandom(1, name), AbortSignal.timeout(LIMIT_MS));
      closeLater(() => scene.close());
      await scene.begin(1, 30);
      scene.mail.misbehave({ at: 'rcpt', does: 450, share: 0.3, once: true });
      await scene.pass(FLOW_MS);
      const copy = await copyOf(ground);
      await scene.pass(FLOW_MS);
      await scene.stream.end();
      scene.mail.behave();
      await eventually(async () => (await scene.kafka.uncommitted()) === 0, SETTLED_MS);
      await scene.stopAll();
      expect([scene.mail.refusals.length > 10, doubled(scene)]).toEqual([true, 0]);

      await restore(ground, copy);
      const environment = {
        KAFKA_BROKERS: ground.bootstrap,
        KAFKA_TOPIC_PREFIX: `${name}.`,
        REDIS_URL: ground.redisUrl,
        REDIS_KEY_PREFIX,
      };
      const rebuilt = await runOps(environment, ['rebuild-ledger']);
      expect(rebuilt).toMatchObject({ code: 0, stderr: '' });
      expect(rebuilt.lines[0]).toMatch(
        /^\d+ outcomes with recipients read: [1-9]\d* written .* [1-9]\d* known/,
      );
      const [again] = (await runOps(environment, ['rebuild-ledger', '--since', '1h'])).lines;
      expect(again).toMatch(/: 0 written/);
      await readEverythingAgain(scene);
      expect(doubled(scene)).toBe(0);

      // Without it what was sent after the copy is sent again: this is what the command is for.
      await restore(ground, copy);
      await readEverythingAgain(scene);
      expect(doubled(scene)).toBeGreaterThan(50);
    },
    LIMIT_MS,
  );
});
