import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { connectRedis } from '#redis';
import type { BenchServers } from './bench-servers.ts';

const JARS = new URL('../../tools/stack/kafka-jars.json', import.meta.url);

/** Describes the machine and the servers of a run. */
export async function hostOf(
  servers: BenchServers,
  hasPostfix: boolean,
): Promise<Record<string, string | number | null>> {
  return {
    cores: cpus().length,
    node: process.version,
    kafka: await kafkaVersion(),
    redis: await redisVersion(servers),
    smtp: hasPostfix ? 'smtp-sink' : null,
  };
}

/** The version that the local stack installs, because Kafka does not tell clients its own. */
async function kafkaVersion(): Promise<string> {
  const jars = await readFile(JARS, 'utf8');
  return /org\.apache\.kafka:kafka-server:([\d.]+)/.exec(jars)?.[1] ?? 'unknown';
}

async function redisVersion({ REDIS_URL }: BenchServers): Promise<string> {
  const redis = connectRedis({ urls: [REDIS_URL], keyPrefix: '' });
  try {
    await redis.ready(10_000);
    const info = await redis.client.info('server');
    return /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown';
  } finally {
    await redis.close();
  }
}
