import { randomUUID } from 'node:crypto';
import type { SourceLimit } from '#access';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { createSlidingWindow, type WindowLimit } from './create-sliding-window.ts';

/**
 * The limit of tries of one source, over all numbers, in Redis (A3). A count of 0 is no limit. A source stands there only
 * as a hash. Rejects with a `RedisError`.
 */
export function createSourceLimit(redis: RedisConnection, limit: WindowLimit): SourceLimit {
  const keys = createKeys(redis.keyPrefix);
  const tries = createSlidingWindow(redis, 'counting tries of a source');
  return {
    async take(source) {
      if (limit.count === 0) return { retryAfterSeconds: 0, giveBack: async () => undefined };
      const [key, id] = [keys.triesOfSource(source), randomUUID()];
      const waitMs = await tries.take(key, id, limit);
      return { retryAfterSeconds: Math.ceil(waitMs / 1000), giveBack: () => tries.giveBack(key, id) };
    },
  };
}
