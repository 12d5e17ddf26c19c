import type { LineSettings } from '#rules';
import { isMet, type Line, type SettingsRepository, type WriteResult } from '#settings';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createDiskBarrier, type DiskFacts } from '../connection/disk-barrier.ts';
import { createDocumentStore, type DocumentStore } from './document-store.ts';
import { numbersOf, type LineDocument, type NumberDocument } from './documents.ts';
import { untilUndisturbed, type Again } from '../connection/compare-and-swap.ts';
import { newVersion } from '../stored-text.ts';
import { tryDeleteLine, tryPutLine } from './write-line.ts';

/**
 * The settings' repository in Redis. A write waits for the disk (`createDiskBarrier`, which `durability` is for) on a
 * connection that `close` closes.
 */
export function createSettingsRepository(
  redis: RedisConnection,
  durability: DiskFacts | (() => Promise<DiskFacts>),
): SettingsRepository & { close(): Promise<void> } {
  const store = createDocumentStore(redis);
  const disk = createDiskBarrier(redis, durability);
  const write: Write = async (attempt) => {
    const onDisk = await disk.begin();
    const written = new Set<string>();
    const result = await untilUndisturbed('writing settings', () => attempt(noting(store, written)));
    await onDisk(written);
    return result;
  };
  return { ...lineMethods(store, write), ...numberMethods(store, write), close: () => disk.close() };
}

/** Repeats an attempt until no other writer disturbs it and what it wrote is on disk. */
type Write = <T>(attempt: (store: DocumentStore) => Promise<T | Again>) => Promise<T>;

/**
 * The same store, which also notes the keys it writes. A line's accounts are on the line's node, and its document is
 * written after them, so they are on disk no later than that.
 */
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
  'getLine' | 'findLine' | 'putLine' | 'deleteLine' | 'getFaultNotice' | 'putFaultNotice'
>;

function lineMethods(store: DocumentStore, write: Write): LineMethods {
  return {
    async getLine(lineNumber) {
      const { document } = await store.line(lineNumber);
      if (!document?.settings) return undefined;
      return { value: lineIn(document.settings), version: document.versions.line };
    },
    async findLine(number) {
      const [read] = await store.numbers([number]);
      if (!read?.document) return undefined;
      const { settings } = (await store.line(read.document.settings.lineNumber)).document ?? {};
      // A number that a write in progress brings or removes is not the line's yet, or no longer.
      return settings?.numbers.includes(number) ? lineIn(settings) : undefined;
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

function lineIn({ faultNotice: _faultNotice, ...line }: LineSettings): Line {
  return line;
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
