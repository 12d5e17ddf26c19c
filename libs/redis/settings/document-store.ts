import { answered, type RedisConnection } from '../connect-redis.ts';
import { defineScript } from '../define-script.ts';
import { createKeys, type Keys } from '../keys.ts';
import { readTexts } from '../read-texts.ts';
import { parseLine, parseNumber, type LineDocument, type NumberDocument } from './documents.ts';

/** A document with the text it was read from; both are missing when there is none. */
export interface ReadDocument<T> {
  readonly text: string | null;
  readonly document: T | undefined;
}

/** Reads and swaps documents. Every method rejects with a `RedisError`. */
export interface DocumentStore {
  readonly keys: Keys;
  line(lineNumber: string): Promise<ReadDocument<LineDocument>>;
  lines(lineNumbers: readonly string[]): Promise<ReadDocument<LineDocument>[]>;
  numbers(numbers: readonly string[]): Promise<ReadDocument<NumberDocument>[]>;
  /** Replaces what was read (null: nothing) by a document (null: removes it), unless somebody else was faster: false. */
  swap(key: string, before: string | null, after: object | string | null): Promise<boolean>;
}

// Every document written has a version of its own, so a text that is there already was written by this very command.
const SWAP = `
local current = redis.call('GET', KEYS[1]) or ''
if current == ARGV[2] then return 1 end
if current ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[2]) end
return 1
`;

export function createDocumentStore(redis: RedisConnection): DocumentStore {
  const keys = createKeys(redis.keyPrefix);
  const swap = defineScript(redis, 'writing settings', SWAP);
  const line = async (lineNumber: string): Promise<ReadDocument<LineDocument>> => {
    const text = await answered(redis.client, 'reading settings', () =>
      redis.client.get(keys.line(lineNumber)),
    );
    return { text, document: text === null ? undefined : parseLine(text, lineNumber) };
  };
  return {
    keys,
    line,
    lines: (lineNumbers) => Promise.all(lineNumbers.map(line)),
    async numbers(numbers) {
      const texts = await readTexts(redis, 'reading settings', numbers.map(keys.number));
      return numbers.map((number, index) => {
        const text = texts[index] ?? null;
        return { text, document: text === null ? undefined : parseNumber(text, number) };
      });
    },
    async swap(key, before, after) {
      const text = typeof after === 'object' && after !== null ? JSON.stringify(after) : (after ?? '');
      return (await swap(key, before ?? '', text)) === 1;
    },
  };
}
