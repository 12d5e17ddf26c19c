import { setTimeout as pause } from 'node:timers/promises';
import type { RedisConnection } from './connect-redis.ts';
import { defineScript, defineScriptOnMany } from './define-script.ts';
import { RedisError } from './redis-error.ts';

/** Another writer wrote in between: read and try again. */
export type Again = 'again';

/**
 * Replaces the text that was read (null: none) by another (null: removes it). False when another writer was faster.
 * If the new text is already there it counts as written, because a command may be sent twice. So equal texts must
 * mean the same, whoever wrote them.
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
 * Creates an atomic compare-and-swap in Redis. It rejects with a `RedisError`. With `keptMs`, a key expires that many
 * milliseconds after its last change.
 */
export function createSwap(redis: RedisConnection, doing: string, keptMs?: number): Swap {
  const run = defineScript(redis, doing, SWAP);
  return async (key, before, after) => (await run(key, before ?? '', after ?? '', keptMs ?? '')) === 1;
}

/** A key with the text that was read (null: none) and the one that replaces it (null: removes it). */
export interface TextSwap {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

const SWAP_BOTH = `
local current = redis.call('GET', KEYS[1]) or ''
if current == ARGV[2] then return 1 end
if current ~= ARGV[1] or (redis.call('GET', KEYS[2]) or '') ~= ARGV[3] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
redis.call('SET', KEYS[2], ARGV[4])
return 1
`;

/**
 * Creates the same for two keys of one slot, in one step. Whether it was written already shows by the first one alone:
 * the second may have changed since.
 */
export function createSwapBoth(
  redis: RedisConnection,
  doing: string,
): (first: TextSwap, second: TextSwap & { readonly after: string }) => Promise<boolean> {
  const run = defineScriptOnMany(redis, doing, SWAP_BOTH);
  return async (first, second) => {
    const texts = [first, second].flatMap(({ before, after }) => [before ?? '', after ?? '']);
    return (await run([first.key, second.key], texts)) === 1;
  };
}

const MAX_TRIES = 30;

/** Repeats `attempt` until it does not conflict with another writer. Rejects with `REDIS_BUSY` after too many conflicts. */
export async function untilUndisturbed<T>(doing: string, attempt: () => Promise<T | Again>): Promise<T> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== 'again') return result as T;
    await pause(Math.random() * 4 * tries);
  }
  throw new RedisError('REDIS_BUSY', `${doing}: others kept writing the same`);
}
