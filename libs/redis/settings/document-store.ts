import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys, type Keys } from '../keys.ts';
import { createSwap, createSwapBoth } from '../connection/compare-and-swap.ts';
import { createDocumentCache } from './document-cache.ts';
import { createSwapFields } from '../access/swap-fields.ts';
import { createHandOver } from './hand-over.ts';
import { readTexts } from '../connection/read-texts.ts';
import { parseLine, parseNumber, type LineDocument, type NumberDocument } from './documents.ts';

/** A document with the text it was read from; both are missing when there is none. */
export interface ReadDocument<T> {
  readonly text: string | null;
  readonly document: T | undefined;
}

/** Reads documents. Every method rejects with a `RedisError`. */
interface DocumentReads {
  readonly keys: Keys;
  line(lineNumber: string): Promise<ReadDocument<LineDocument>>;
  lines(lineNumbers: readonly string[]): Promise<ReadDocument<LineDocument>[]>;
  numbers(numbers: readonly string[]): Promise<ReadDocument<NumberDocument>[]>;
  accounts(lineNumber: string): Promise<LineAccounts>;
  /** Removes texts of a line's accounts, each as it was read. False when somebody has written one since. */
  forgetAccounts(lineNumber: string, accounts: LineAccounts): Promise<boolean>;
}

/** Reads and swaps documents. Every method rejects with a `RedisError`. */
export interface DocumentStore extends DocumentReads {
  /**
   * Replaces what was read (null: nothing) by a document (null: removes it). False when another writer was faster. An
   * order to the switch is news to it also where nothing changes (`newsBetween`).
   */
  swapLine(
    lineNumber: string,
    before: string | null,
    after: LineDocument | string | null,
    isOrder?: boolean,
  ): Promise<boolean>;
  swapNumber(number: string, before: string | null, after: NumberDocument | null): Promise<boolean>;
  /**
   * The same for the document of a number that leaves its contract: what else is stored about it there is removed with
   * it, and what happened to it until now belongs to that contract's past (V6).
   */
  handOver(number: string, before: string, after: NumberDocument | null): Promise<boolean>;
}

/** The outbox that is written in the same step as a document. */
export interface UntoldSwap {
  readonly key: string;
  readonly before: string | null;
  readonly after: string;
}

/** The documents as texts, which know nothing of each other. */
export interface RawDocuments extends DocumentReads {
  text(key: string): Promise<string | null>;
  swap(key: string, before: string | null, after: string | null, untold?: UntoldSwap): Promise<boolean>;
  handOver(number: string, before: string, after: string | null, untold?: UntoldSwap): Promise<boolean>;
}

/** What is stored of a line's accounts: texts by field. */
export type LineAccounts = ReadonlyMap<string, string>;

/** How many parsed lines are cached: with 1,000 numbers and as many destinations each takes some 200 KB. */
const REMEMBERED_LINES = 200;

/** Documents in Redis, always read from there; only parsing a line is saved, when its text is as last time. Every one written has a new version, so that no two have the same text. */
export function createDocuments(redis: RedisConnection): RawDocuments {
  const keys = createKeys(redis.keyPrefix);
  const swap = createSwap(redis, 'writing settings');
  const swapBoth = createSwapBoth(redis, 'writing settings');
  const swapFields = createSwapFields(redis, 'removing accounts');
  const handOver = createHandOver(redis, 'writing settings');
  const lines = createDocumentCache(REMEMBERED_LINES, parseLine);
  const text = (key: string): Promise<string | null> =>
    answered(redis.client, 'reading settings', () => redis.client.get(key));
  const line = async (lineNumber: string): Promise<ReadDocument<LineDocument>> => {
    const found = await text(keys.line(lineNumber));
    return { text: found, document: found === null ? undefined : lines.read(lineNumber, found) };
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
    text,
    handOver,
    swap: (key, before, after, untold) =>
      untold ? swapBoth({ key, before, after }, untold) : swap(key, before, after),
  };
}
