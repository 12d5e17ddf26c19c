import { randomUUID } from 'node:crypto';
import { connectRedis, type ConnectRedisOptions, type RedisConnection } from '#redis';

/** Where the tests' Redis is. */
export function redisUrl(): string {
  const url = process.env['REDIS_URL'];
  if (!url) throw new Error('REDIS_URL is not set: run `npm run stack -- up` and export what it prints');
  return url;
}

const opened: RedisConnection[] = [];

/** A connection with key names of its own. Its keys are removed, and it is closed, when the test file is done. */
export async function openRedis(options: Partial<ConnectRedisOptions> = {}): Promise<RedisConnection> {
  const redis = connectRedis({ urls: [redisUrl()], keyPrefix: `test-${randomUUID()}:`, ...options });
  opened.push(redis);
  await redis.ready(10_000);
  return redis;
}

afterAll(async () => {
  await Promise.all(
    opened.splice(0).map(async (redis) => {
      await forget(redis);
      await redis.close();
    }),
  );
});

/** Removes every key of a connection's prefix. */
async function forget({ client, keyPrefix }: RedisConnection): Promise<void> {
  if (client.status !== 'ready' || client.isCluster) return;
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', `${keyPrefix}*`, 'COUNT', 1000);
    if (keys.length > 0) await client.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}
