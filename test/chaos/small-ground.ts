import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import { startServer, stopServer } from '../../tools/stack/server.ts';
import type { Ground } from './ground.ts';
import { writeSubscribers } from './subscribers.ts';

/** A ground on somebody else's Kafka, which a row keeps apart by its topics' prefix; Redis is its own. */
export async function openSmallGround(bootstrap: string): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), 'small-ground-'));
  const [port = 0] = await freePorts(1);
  const installation = await installRedis(() => undefined);
  const redis = redisServer(installation, path.join(folder, 'redis'), port);
  const close = async (): Promise<void> => {
    await stopServer(redis.folder);
    await rm(folder, { recursive: true, force: true });
  };
  const redisUrl = `redis://127.0.0.1:${port}`;
  try {
    await startServer(redis);
    await writeSubscribers(redisUrl);
  } catch (error) {
    await close();
    throw error;
  }
  return { folder, brokers: [], bootstrap, redis, redisPlans: [redis], redisUrl, close };
}
