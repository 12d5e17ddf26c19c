import type { SettingsStore } from '#delivery';
import type { LineSettings, NumberSettings } from '#rules';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { readTexts } from '../connection/read-texts.ts';
import { createDocumentCache, type DocumentCache } from './document-cache.ts';
import { parseLine, parseNumber } from './documents.ts';

/** How many parsed numbers, and how many parsed lines, are cached. */
const REMEMBERED = 50_000;

/**
 * Reads settings for the rules: the documents of a whole batch in one round trip, always from Redis, so that a change is
 * seen by the next batch; only parsing is saved, when the text is the same as last time. A document that cannot be read
 * is replaced by its error. Rejects with `REDIS_UNAVAILABLE`.
 */
export function createSettingsStore(redis: RedisConnection): SettingsStore {
  const keys = createKeys(redis.keyPrefix);
  const numbers = createDocumentCache<NumberSettings>(
    REMEMBERED,
    (text, number) => parseNumber(text, number).settings,
  );
  const lines = createDocumentCache<LineSettings | undefined>(
    REMEMBERED,
    (text, lineNumber) => parseLine(text, lineNumber).settings ?? undefined,
  );
  const read = async <T>(
    cache: DocumentCache<T>,
    names: readonly string[],
    key: (name: string) => string,
  ): Promise<(T | Error | undefined)[]> => {
    const texts = await readTexts(redis, 'reading settings', names.map(key));
    return names.map((name, index) => readOne(cache, name, texts[index]));
  };
  return {
    numbers: (asked) => read(numbers, asked, keys.number),
    lines: (asked) => read(lines, asked, keys.line),
  };
}

function readOne<T>(
  cache: DocumentCache<T>,
  name: string,
  text: string | null | undefined,
): T | Error | undefined {
  if (text === null || text === undefined) return undefined;
  try {
    return cache.read(name, text);
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}
