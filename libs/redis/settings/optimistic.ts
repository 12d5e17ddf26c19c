import { setTimeout as pause } from 'node:timers/promises';
import { RedisError } from '../redis-error.ts';
import type { Precondition } from './settings-repository.ts';

/** Somebody else wrote in between: read again and try again. */
export type Again = 'again';

const MOST_TRIES = 30;

/** Tries until nobody interferes; rejects with `SETTINGS_BUSY` when somebody always does. */
export async function untilUndisturbed<T>(attempt: () => Promise<T | Again>): Promise<T> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const result = await attempt();
    if (result !== 'again') return result as T;
    await pause(Math.random() * 4 * tries);
  }
  throw new RedisError('SETTINGS_BUSY', 'writing settings: others kept writing the same document');
}

/** Whether `If-Match` holds for what is there now (undefined: nothing). */
export function isMet(ifMatch: Precondition | undefined, version: string | undefined): boolean {
  if (ifMatch === undefined) return true;
  return version !== undefined && (ifMatch.includes('*') || ifMatch.includes(version));
}
