import type { SettingsStore } from '#delivery';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { readTexts } from '../connection/read-texts.ts';
import { parseLine, parseNumber } from './documents.ts';

/**
 * Reads settings for the rules: the documents of a whole batch in one round trip, always from Redis, so that a change is
 * seen by the next batch. Nothing is remembered: parsing a document costs less than what remembering it leaves to the
 * garbage collector. A document that cannot be read is replaced by its error. Rejects with `REDIS_UNAVAILABLE`.
 */
export function createSettingsStore(redis: RedisConnection): SettingsStore {
  const keys = createKeys(redis.keyPrefix);
  const read = async <T>(
    names: readonly string[],
    key: (name: string) => string,
    parse: (text: string, name: string) => T,
  ): Promise<(T | Error | undefined)[]> => {
    const texts = await readTexts(redis, 'reading settings', names.map(key));
    return names.map((name, index) => readOne(texts[index] ?? null, name, parse));
  };
  return {
    numbers: (asked) => read(asked, keys.number, (text, number) => parseNumber(text, number).settings),
    lines: (asked) =>
      read(asked, keys.line, (text, lineNumber) => parseLine(text, lineNumber).settings ?? undefined),
  };
}

function readOne<T>(
  text: string | null,
  name: string,
  parse: (text: string, name: string) => T,
): T | Error | undefined {
  if (text === null) return undefined;
  try {
    return parse(text, name);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
