import { setTimeout as pause } from 'node:timers/promises';
import { away } from './away.ts';
import type { Flow } from './deps.ts';

/** How soon Redis is asked again. */
const REDIS_PAUSE_MS = 250;

/**
 * Repeats a call of the ledger that Redis did not answer, as long as the process lives and `mayTry` (told how often it
 * was tried) says: it may have been carried out all the same, and by its token a repetition finds what it left. Not until
 * the breaker closes: that may wait for the mail server too, which this does not need. Rejects with the last error.
 */
export async function whileRedisIsAway<T>(
  { breaker, ending }: Pick<Flow, 'breaker' | 'ending'>,
  mayTry: (tried: number) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      if (away(error) !== 'redis') throw error;
      breaker.redisUnavailable(error as Error);
      if (ending.aborted || !mayTry(tried)) throw error;
      await pause(REDIS_PAUSE_MS);
    }
  }
}
