import type { RedisConnection } from '../connection/connect-redis.ts';
import { defineScript } from '../connection/define-script.ts';

/** How many in which time. */
export interface WindowLimit {
  readonly count: number;
  readonly windowMs: number;
}

/** Sliding-window logs by key. Every method rejects with a `RedisError`. */
export interface SlidingWindow {
  /** Enters something, whose id makes a repeated call count once. Resolves with 0, or with how many ms to wait. */
  take(key: string, id: string, limit: WindowLimit): Promise<number>;
  /** Takes an entry back; harmless when there is none. */
  giveBack(key: string, id: string): Promise<void>;
}

/*
 * A sliding-window log: the times of what was entered. No window ever exceeds its limit, while a counter reset every hour
 * would allow twice as many around the reset. It never has more entries than the limit. ARGV: id, count, window ms.
 * Returns 0, or after how many ms the oldest entry leaves the window.
 */
const TAKE = `
local time = redis.call('TIME')
local now, window = time[1] * 1000 + math.floor(time[2] / 1000), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + window - now
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], window)
return 0
`;
const GIVE_BACK = `redis.call('ZREM', KEYS[1], ARGV[1])`;

/** Creates sliding-window logs in Redis, by its clock. `doing` says in errors what is being counted. */
export function createSlidingWindow(redis: RedisConnection, doing: string): SlidingWindow {
  const take = defineScript(redis, doing, TAKE);
  const giveBack = defineScript(redis, doing, GIVE_BACK);
  return {
    take: async (key, id, { count, windowMs }) => Number(await take(key, id, count, windowMs)),
    async giveBack(key, id) {
      await giveBack(key, id);
    },
  };
}
