import { inTime } from './answer-in-time.ts';

/** What was read from Kafka lately, so that several pages in a row do not read it each time. */
export interface Recent<T> {
  /** What is there now. */
  now(): Promise<T>;
  /** What was there a few seconds ago, where somebody has read it; whoever comes meanwhile gets the same. */
  lately(): Promise<T>;
}

const LATELY_MS = 5_000;

/**
 * Remembers what `read` finds in Kafka for a few seconds; an error is not remembered. Rejects with a `ServerAway` when that
 * takes too long. `clock` in milliseconds.
 */
export function createRecent<T>(read: () => Promise<T>, clock: () => number): Recent<T> {
  let last: { readonly found: Promise<T>; readonly at: number } | undefined;
  const now = (): Promise<T> => {
    const reading = { found: inTime('Kafka', read), at: clock() };
    last = reading;
    reading.found.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.found;
  };
  return { now, lately: () => (last && clock() - last.at < LATELY_MS ? last.found : now()) };
}
