import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;
const LIMIT_MS = 30_000;

/**
 * Repeats `attempt` until it resolves with something other than `undefined` or `false`, and resolves with that. After
 * `limitMs` it rejects with the last error.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  limitMs = LIMIT_MS,
): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      const value = await attempt();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
      if (Date.now() > end) throw new Error(`Still ${String(value)} after ${limitMs} ms`);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await delay(POLL_MS);
  }
}
