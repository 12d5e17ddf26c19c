import path from 'node:path';
import { connectRedis, type RedisConnection } from '#redis';
import {
  serversDown,
  serversReset,
  serversUp,
  STACK_FOLDER,
  type StackAddresses,
} from '../../tools/stack/servers.ts';

/** The addresses of a bench run's servers. */
export type BenchServers = StackAddresses;

/** Topics for calls that become no mail, and topics for calls that do. */
export const DECIDING_PREFIX = 'bench.';
export const MAILING_PREFIX = 'bench-mail.';
/** Topics for the backlog of an outage. */
export const RECOVERY_PREFIX = 'bench-recovery.';
export const REDIS_KEY_PREFIX = 'bench:';
export const BENCH_SEAL_KEY = { id: 'bench', key: Buffer.alloc(32, 1) };

const folder = path.join(STACK_FOLDER, 'bench');

/** Runs `work` on new, empty servers, and stops them afterwards. */
export async function withBenchServers<T>(
  say: (text: string) => void,
  signal: AbortSignal,
  work: (servers: BenchServers) => Promise<T>,
): Promise<T> {
  await serversReset(folder, say, signal);
  try {
    return await work(await serversUp(folder, say, signal));
  } finally {
    await serversDown(folder);
  }
}

/** Connects to the bench's Redis, patiently: seeding keeps it busy. Resolves when it is there. */
export async function openBenchRedis(
  { REDIS_URL }: BenchServers,
  keyPrefix = REDIS_KEY_PREFIX,
): Promise<RedisConnection> {
  const redis = connectRedis({ urls: REDIS_URL.split(','), keyPrefix, commandTimeoutMs: 30_000 });
  await redis.ready(10_000);
  return redis;
}
