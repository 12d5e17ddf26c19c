import path from 'node:path';
import { Redis } from 'ioredis';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { RedisInstallation } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import type { ServerPlan } from '../../tools/stack/server.ts';
import { eventually } from './eventually.ts';

/** One Redis process of a set-up of several. */
export interface RedisNode {
  readonly port: number;
  readonly plan: ServerPlan;
}

/** Plans so many Redis processes in `folder`, on ports of their own; `settings` are added to each one's own. */
export async function planNodes(
  installation: RedisInstallation,
  folder: string,
  count: number,
  settings: (index: number) => Promise<Readonly<Record<string, string>>>,
): Promise<RedisNode[]> {
  const ports = await freePorts(count);
  return Promise.all(
    ports.map(async (port, index) => {
      const plain = redisServer(installation, path.join(folder, `redis-${index + 1}`), port);
      const more = Object.entries(await settings(index)).flatMap(([name, value]) => [`--${name}`, value]);
      return { port, plan: { ...plain, args: [...plain.args, ...more] } };
    }),
  );
}

/** Does something on a connection of its own to the process at this port, straight, whatever its role. */
export async function withRedisAt<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => null });
  // The command under way rejects with it.
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** `master` or `slave`, as the process at this port says itself. */
export async function roleAt(port: number): Promise<string> {
  const [role] = (await withRedisAt(port, (redis) => redis.call('ROLE'))) as [string];
  return role;
}

/** Whether the replica at this port follows its master. */
export async function isInStep(port: number): Promise<boolean> {
  return /master_link_status:up/.test(await withRedisAt(port, (redis) => redis.info('replication')));
}

/** `FAILOVER`: a master and its replica change their places, nothing is forgotten, and no connection is closed. */
export async function changePlaces(master: number, replica: number): Promise<void> {
  await withRedisAt(master, (redis) => redis.call('FAILOVER', 'TO', '127.0.0.1', replica));
  await eventually(async () => (await roleAt(replica)) === 'master' && (await roleAt(master)) === 'slave');
}
