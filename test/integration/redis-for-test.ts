import type { Redis } from 'ioredis';
import { connectRedis, type ConnectRedisOptions, type RedisConnection } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { redisUrl } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

/** Generous: on a busy machine an answer may take longer than the product waits for one. */
const COMMAND_TIMEOUT_MS = 10_000;

/**
 * A connection with key names of its own; tests of what happens without an answer set `commandTimeoutMs`. Its keys are
 * removed, and it is closed, when the file's tests are over.
 */
export async function openRedis(options: Partial<ConnectRedisOptions> = {}): Promise<RedisConnection> {
  const redis = connectRedis({
    urls: redisUrl().split(','),
    keyPrefix: `${uniqueName('redis')}:`,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
    ...options,
  });
  closeLater(async () => {
    await forget(redis);
    await redis.close();
  });
  await redis.ready(10_000);
  return redis;
}

/** Every key of a connection's prefix, with the server that it is on. */
export async function keysOf({
  client,
  keyPrefix,
}: RedisConnection): Promise<{ key: string; node: Redis }[]> {
  const nodes = 'slots' in client ? client.nodes('master') : [client];
  const found = await Promise.all(
    nodes.map(async (node) => {
      const keys: string[] = [];
      for await (const some of node.scanStream({ match: `${keyPrefix}*`, count: 1000 }))
        keys.push(...(some as string[]));
      return keys.map((key) => ({ key, node }));
    }),
  );
  return found.flat();
}

async function forget(redis: RedisConnection): Promise<void> {
  if (redis.client.status !== 'ready') return;
  await Promise.all((await keysOf(redis)).map(({ key, node }) => node.unlink(key)));
}
