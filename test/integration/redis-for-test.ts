import { connectRedis, type ConnectRedisOptions, type RedisConnection } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { redisUrl } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

/** A connection with key names of its own. Its keys are removed, and it is closed, when the file's tests are over. */
export async function openRedis(options: Partial<ConnectRedisOptions> = {}): Promise<RedisConnection> {
  const redis = connectRedis({
    urls: redisUrl().split(','),
    keyPrefix: `${uniqueName('redis')}:`,
    ...options,
  });
  closeLater(async () => {
    await forget(redis);
    await redis.close();
  });
  await redis.ready(10_000);
  return redis;
}

/** Removes every key of a connection's prefix. */
async function forget({ client, keyPrefix }: RedisConnection): Promise<void> {
  if (client.status !== 'ready') return;
  for (const node of 'slots' in client ? client.nodes('master') : [client]) {
    for await (const keys of node.scanStream({ match: `${keyPrefix}*`, count: 1000 })) {
      await Promise.all((keys as string[]).map((key) => node.unlink(key)));
    }
  }
}
