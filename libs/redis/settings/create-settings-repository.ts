import { isMet, type Line, type SettingsRepository, type WriteResult } from '#settings';
import type { Durability } from '../connection/check-durability.ts';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createDiskBarrier, NO_BARRIER, type DiskBarrier } from './disk-barrier.ts';
import { createDocumentStore, type DocumentStore } from './document-store.ts';
import { newVersion, numbersOf, type LineDocument, type NumberDocument } from './documents.ts';
import { untilUndisturbed, type Again } from '../connection/compare-and-swap.ts';
import { tryDeleteLine, tryPutLine } from './write-line.ts';

type DiskFacts = Pick<Durability, 'canAwaitDisk'>;

/**
 * The settings' repository in Redis. Where the server can report that a write is on disk (`durability` of
 * `checkDurability`), a write waits for that on a separate connection, which `close` closes. A function is called
 * before the first write, and again after it rejected, so that a repository can be created while Redis is unavailable.
 */
export function createSettingsRepository(
  redis: RedisConnection,
  durability: DiskFacts | (() => Promise<DiskFacts>),
): SettingsRepository & { close(): Promise<void> } {
  const store = createDocumentStore(redis);
  const ask = typeof durability === 'function' ? durability : () => Promise.resolve(durability);
  let asked: Promise<DiskBarrier> | undefined;
  const disk = (): Promise<DiskBarrier> =>
    (asked ??= ask().then(
      ({ canAwaitDisk }) => (canAwaitDisk ? createDiskBarrier(redis) : NO_BARRIER),
      (error: unknown) => {
        asked = undefined;
        throw error;
      },
    ));
  const write: Write = async (attempt) =>
    (await disk()).durably((written) =>
      untilUndisturbed('writing settings', () => attempt(noting(store, written))),
    );
  const close = async (): Promise<void> => (await asked?.catch(() => undefined))?.close();
  return { ...lineMethods(store, write), ...numberMethods(store, write), close };
}

/** Repeats an attempt until no other writer disturbs it and what it wrote is on disk. */
type Write = <T>(attempt: (store: DocumentStore) => Promise<T | Again>) => Promise<T>;

/** The same store, which also notes the keys it writes. */
function noting(store: DocumentStore, written: Set<string>): DocumentStore {
  return {
    ...store,
    swap(key, before, after) {
      written.add(key);
      return store.swap(key, before, after);
    },
    handOver(number, before, after) {
      // Its other keys are on the number's node, so they are on disk no later than this one.
      written.add(store.keys.number(number));
      return store.handOver(number, before, after);
    },
  };
}

type LineMethods = Pick<
  SettingsRepository,
  'getLine' | 'putLine' | 'deleteLine' | 'getFaultNotice' | 'putFaultNotice'
>;

function lineMethods(store: DocumentStore, write: Write): LineMethods {
  return {
    async getLine(lineNumber) {
      const { document } = await store.line(lineNumber);
      if (!document?.settings) return undefined;
      const { faultNotice: _faultNotice, ...value } = document.settings;
      return { value, version: document.versions.line };
    },
    putLine(asked, condition) {
      const line: Line = { ...asked, numbers: [...new Set([asked.lineNumber, ...asked.numbers])] };
      return write((noted) => tryPutLine(noted, line, condition));
    },
    deleteLine: (lineNumber, condition) => write((noted) => tryDeleteLine(noted, lineNumber, condition)),
    async getFaultNotice(lineNumber) {
      const { document } = await store.line(lineNumber);
      if (!document?.settings) return undefined;
      return { value: document.settings.faultNotice, version: document.versions.faultNotice };
    },
    putFaultNotice: (lineNumber, value, condition) =>
      write(async (noted): Promise<WriteResult | Again> => {
        const { text, document } = await noted.line(lineNumber);
        if (!document?.settings) return { kind: 'unknown' };
        if (!isMet(condition, document.versions.faultNotice)) return { kind: 'stale' };
        const version = newVersion();
        const after: LineDocument = {
          ...document,
          settings: { ...document.settings, faultNotice: value },
          versions: { ...document.versions, faultNotice: version },
        };
        const swapped = await noted.swap(noted.keys.line(lineNumber), text, after);
        return swapped ? { kind: 'written', version, created: false } : 'again';
      }),
  };
}

type NumberMethods = Pick<SettingsRepository, 'getNumber' | 'getSection' | 'putSection'>;

function numberMethods(store: DocumentStore, write: Write): NumberMethods {
  return {
    getNumber: async (number) => (await readNumber(store, number))?.document.settings,
    async getSection(number, section) {
      const document = (await readNumber(store, number))?.document;
      return document && { value: document.settings[section], version: document.versions[section] };
    },
    putSection: (number, section, value, condition) =>
      write(async (noted): Promise<WriteResult | Again> => {
        const read = await readNumber(noted, number);
        if (!read) return { kind: 'unknown' };
        const { text, document } = read;
        if (!isMet(condition, document.versions[section])) return { kind: 'stale' };
        const version = newVersion();
        const after: NumberDocument = {
          ...document,
          settings: { ...document.settings, [section]: value },
          versions: { ...document.versions, [section]: version },
        };
        const swapped = await noted.swap(noted.keys.number(number), text, after);
        return swapped ? { kind: 'written', version, created: false } : 'again';
      }),
  };
}

/** A number's document, unless the line that it names does not list it: then an interrupted write left it. */
async function readNumber(
  store: DocumentStore,
  number: string,
): Promise<{ readonly text: string; readonly document: NumberDocument } | undefined> {
  const [read] = await store.numbers([number]);
  if (!read?.document || read.text === null) return undefined;
  const owner = (await store.line(read.document.settings.lineNumber)).document;
  return owner && numbersOf(owner).includes(number)
    ? { text: read.text, document: read.document }
    : undefined;
}
