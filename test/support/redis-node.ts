import path from 'node:path';
import { Redis } from 'ioredis';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { RedisInstallation } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import type { ServerPlan } from '../../tools/stack/server.ts';
import { eventually } from './eventually.ts';

/** One of several Redis processes. */
export interface RedisNode {
  readonly port: number;
  readonly plan: ServerPlan;
}

/** Plans `count` Redis processes in `folder`, on free ports; `settings` are added to the usual ones. */
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

/** Runs `work` on a new, direct connection to the process at this port, whatever its role. */
export async function withRedisAt<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => null });
  // The pending command rejects with the error.
  redis.on('error', () => undefined);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** The role of the process at this port: `master` or `slave`. */
export async function roleAt(port: number): Promise<string> {
  const [role] = (await withRedisAt(port, (redis) => redis.call('ROLE'))) as [string];
  return role;
}

/** Whether the replica at this port is connected to its master. */
export async function isInStep(port: number): Promise<boolean> {
  return /master_link_status:up/.test(await withRedisAt(port, (redis) => redis.info('replication')));
}

/** `FAILOVER`: swaps a master and its replica without losing writes or closing connections. */
export async function changePlaces(master: number, replica: number): Promise<void> {
  await withRedisAt(master, (redis) => redis.call('FAILOVER', 'TO', '127.0.0.1', replica));
  await eventually(async () => (await roleAt(replica)) === 'master' && (await roleAt(master)) === 'slave');
}
