import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectRedis, type RedisConnection } from '#redis';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import { startServer, stopServer } from '../../tools/stack/server.ts';
import { closeLater } from '../support/close-later.ts';

/** Starts a Redis that nobody else minds to be full or to refuse logins; ended after the test file. Answers with `host:port`. */
export async function startOwnRedis(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'own-redis-'));
  const quiet = (): void => undefined;
  const [port = 0] = await freePorts(1);
  closeLater(async () => {
    await stopServer(folder);
    await rm(folder, { recursive: true, force: true });
  });
  await startServer(redisServer(await installRedis(quiet), folder, port));
  return `127.0.0.1:${port}`;
}

/** The same, with a connection to it. */
export async function connectOwnRedis(): Promise<RedisConnection> {
  const address = await startOwnRedis();
  const redis = connectRedis({ urls: [`redis://${address}`], keyPrefix: 'own:' });
  closeLater(() => redis.close());
  await redis.ready(10_000);
  return redis;
}
