import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys, type Keys } from '../keys.ts';
import { createSwap } from '../connection/compare-and-swap.ts';
import { createSwapFields } from '../access/swap-fields.ts';
import { createHandOver } from './hand-over.ts';
import { readTexts } from '../connection/read-texts.ts';
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
  /** Replaces what was read (null: nothing) by a document (null: removes it). False when another writer was faster. */
  swap(key: string, before: string | null, after: object | string | null): Promise<boolean>;
  /**
   * The same for the document of a number that leaves its contract: what else is stored about it there is removed with
   * it, and what happened to it until now belongs to that contract's past (V6).
   */
  handOver(number: string, before: string, after: object | null): Promise<boolean>;
  accounts(lineNumber: string): Promise<LineAccounts>;
  /** Removes texts of a line's accounts, each as it was read. False when somebody has written one since. */
  forgetAccounts(lineNumber: string, accounts: LineAccounts): Promise<boolean>;
}

/** What is stored of a line's accounts: texts by field. */
export type LineAccounts = ReadonlyMap<string, string>;

/** Documents in Redis. Every one written has a new version, so that no two have the same text. */
export function createDocumentStore(redis: RedisConnection): DocumentStore {
  const keys = createKeys(redis.keyPrefix);
  const swap = createSwap(redis, 'writing settings');
  const swapFields = createSwapFields(redis, 'removing accounts');
  const handOver = createHandOver(redis, 'writing settings');
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
    async accounts(lineNumber) {
      const key = keys.access(`line:${lineNumber}`);
      const texts = await answered(redis.client, 'reading accounts', () => redis.client.hgetall(key));
      return new Map(Object.entries(texts));
    },
    forgetAccounts: (lineNumber, accounts) =>
      swapFields(
        keys.access(`line:${lineNumber}`),
        [...accounts].map(([field, before]) => ({ field, before, after: null })),
      ),
    handOver: (number, before, after) =>
      handOver(number, before, after === null ? null : JSON.stringify(after)),
    swap: (key, before, after) =>
      swap(key, before, typeof after === 'object' && after !== null ? JSON.stringify(after) : after),
  };
}
