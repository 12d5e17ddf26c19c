import type { CallStore } from '#access';
import { createSwap } from '../connection/compare-and-swap.ts';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';

/** A call that is silent for 10 minutes is forgotten (A2). */
const KEPT_MS = 600_000;

/** The calls in Redis, under `call:{id}`. Rejects with a `RedisError`. */
export function createCallStore(redis: RedisConnection): CallStore {
  const keys = createKeys(redis.keyPrefix);
  const swap = createSwap(redis, 'keeping a call', KEPT_MS);
  return {
    read: async (id) =>
      (await answered(redis.client, 'reading a call', () => redis.client.get(keys.call(id)))) ?? undefined,
    swap: (id, before, after) => swap(keys.call(id), before ?? null, after),
  };
}
