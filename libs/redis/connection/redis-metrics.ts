import type { Registry } from 'prom-client';
import { createGauge, type MetricDeclaration } from '#metrics';
import { findProblems, UNSAFE_CAUSES, type UnsafeCause } from './check-durability.ts';
import type { RedisConnection } from './connect-redis.ts';
import { RedisError } from './redis-error.ts';

const CAUSES = [...UNSAFE_CAUSES, 'writes-refused'] as const;

const UNSAFE: MetricDeclaration<'cause'> = {
  name: 'notify_redis_unsafe',
  type: 'gauge',
  help: '1 while the Redis of REDIS_URL would lose what it is given, or takes no writes',
  labels: { cause: CAUSES },
};
const MEMORY_USED: MetricDeclaration<never> = {
  name: 'notify_redis_memory_used_ratio',
  type: 'gauge',
  help: 'Used part of the maxmemory of the Redis of REDIS_URL, of a cluster the fullest master; 0 without a maxmemory',
  labels: {},
};

/** What every app tells of its Redis. */
export const REDIS_METRICS: readonly MetricDeclaration[] = [UNSAFE, MEMORY_USED];

interface Found {
  readonly causes: ReadonlySet<UnsafeCause | 'writes-refused'>;
  readonly memoryUsed: number;
}

/**
 * `notify_redis_unsafe` and `notify_redis_memory_used_ratio`, asked anew at each scrape: `INFO` and one write of each
 * master. While Redis is away both stay what they were.
 */
export function collectRedisMetrics(registry: Registry, redis: RedisConnection): void {
  let looking: Promise<Found | undefined> | undefined;
  // A scrape asks for both at once, before the first is answered.
  const look = (): Promise<Found | undefined> =>
    (looking ??= lookAt(redis)
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      }));
  createGauge(registry, UNSAFE, async (gauge) => {
    const found = await look();
    if (found) for (const cause of CAUSES) gauge.set({ cause }, found.causes.has(cause) ? 1 : 0);
  });
  createGauge(registry, MEMORY_USED, async (gauge) => {
    const found = await look();
    if (found) gauge.set(found.memoryUsed);
  });
}

async function lookAt(redis: RedisConnection): Promise<Found> {
  const [{ problems, servers }, refused] = await Promise.all([findProblems(redis), refusesWrites(redis)]);
  return {
    causes: new Set([
      ...problems.map(({ cause }) => cause),
      ...(refused ? (['writes-refused'] as const) : []),
    ]),
    memoryUsed: Math.max(0, ...servers.map(({ memoryUsed }) => memoryUsed)),
  };
}

async function refusesWrites(redis: RedisConnection): Promise<boolean> {
  try {
    await redis.probe();
    return false;
  } catch (error) {
    if (error instanceof RedisError && error.code === 'REDIS_REFUSES_WRITES') return true;
    throw error;
  }
}
