import { setTimeout as pause } from 'node:timers/promises';
import type { RedisConnection } from './connect-redis.ts';
import { defineScript } from './define-script.ts';
import { RedisError } from './redis-error.ts';

/** Somebody else wrote in between: read again and try again. */
export type Again = 'again';

/**
 * Replaces the text that was read (null: nothing) by another (null: removes it); false when somebody else was faster.
 * A text that is there already counts as written, because a command can be sent twice: so equal texts must mean the same
 * thing, whoever wrote them.
 */
export type Swap = (key: string, before: string | null, after: string | null) => Promise<boolean>;

const SWAP = `
local current = redis.call('GET', KEYS[1]) or ''
if current == ARGV[2] then return 1 end
if current ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
elseif ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
`;

/**
 * A swap that is atomic in Redis; rejects with a `RedisError`. With `keptMs` what is written is gone so many milliseconds
 * after it last changed.
 */
export function createSwap(redis: RedisConnection, doing: string, keptMs?: number): Swap {
  const run = defineScript(redis, doing, SWAP);
  return async (key, before, after) => (await run(key, before ?? '', after ?? '', keptMs ?? '')) === 1;
}

const MOST_TRIES = 30;

/** Tries until nobody interferes; rejects with `REDIS_BUSY` when somebody always does. */
export async function untilUndisturbed<T>(doing: string, attempt: () => Promise<T | Again>): Promise<T> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== 'again') return result as T;
    await pause(Math.random() * 4 * tries);
  }
  throw new RedisError('REDIS_BUSY', `${doing}: others kept writing the same`);
}
