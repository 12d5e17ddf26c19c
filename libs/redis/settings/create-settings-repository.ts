import {
  EMPTY_BULK_TRANSFER,
  sectionOf,
  withinLine,
  type BulkTransferSettings,
  type FaultNotice,
  type LineSettings,
} from '#rules';
import {
  isMet,
  type Line,
  type Precondition,
  type SettingsRepository,
  type StoredPart,
  type SwitchOutbox,
  type WriteResult,
} from '#settings';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { checkDurability } from '../connection/check-durability.ts';
import { createDiskBarrier, type DiskFacts } from '../connection/disk-barrier.ts';
import { createSwitchOutbox } from './create-switch-outbox.ts';
import { createDocuments, type DocumentStore, type RawDocuments } from './document-store.ts';
import { isNumberOf, versionOf, type LineDocument, type NumberDocument } from './documents.ts';
import { editMethods } from './edit-methods.ts';
import { createEditStore, type EditStore } from './edit-store.ts';
import { settle } from './edit-together.ts';
import { untilUndisturbed, type Again } from '../connection/compare-and-swap.ts';
import { newVersion } from '../stored-text.ts';
import { notingStore, type Noted } from './noting-store.ts';
import { tryDeleteLine, tryPutLine } from './write-line.ts';

/**
 * The settings' repository in Redis, and what the switch has to be told of them. A write waits for the disk
 * (`createDiskBarrier`, which `durability` is for) on a connection that `close` closes.
 */
export function createSettingsRepository(
  redis: RedisConnection,
  durability: DiskFacts | (() => Promise<DiskFacts>) = () => checkDurability(redis),
): SettingsRepository & { readonly outbox: SwitchOutbox; close(): Promise<void> } {
  const documents = createDocuments(redis);
  const outbox = createSwitchOutbox(redis);
  const disk = createDiskBarrier(redis, durability);
  const write: Write = async (attempt) => {
    const onDisk = await disk.begin();
    const noted: Noted = { keys: new Set(), places: new Set() };
    const store = notingStore(documents, outbox, noted);
    const result = await untilUndisturbed('writing settings', () => attempt(store));
    await onDisk(noted.keys);
    outbox.announce(noted.places);
    return result;
  };
  const edits = createEditStore(redis);
  return {
    ...lineMethods(documents, write),
    ...numberMethods(documents, edits, write),
    ...editMethods(documents, edits, disk),
    isTold: (place) => outbox.isTold(place),
    outbox,
    close: () => disk.close(),
  };
}

/** Repeats an attempt until no other writer disturbs it and what it wrote is on disk. */
type Write = <T>(attempt: (store: DocumentStore) => Promise<T | Again>) => Promise<T>;

type LineMethods = Pick<
  SettingsRepository,
  | 'getLine'
  | 'findLine'
  | 'putLine'
  | 'deleteLine'
  | 'getFaultNotice'
  | 'putFaultNotice'
  | 'getBulkTransfer'
  | 'putBulkTransfer'
>;

function lineMethods(store: RawDocuments, write: Write): LineMethods {
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
      return linePart(document.settings, document.settings.faultNotice, document.versions.faultNotice);
    },
    putFaultNotice: (lineNumber, faultNotice, condition) =>
      write((noted) => tryPutPart(noted, lineNumber, faultNoticePart(faultNotice), condition)),
    async getBulkTransfer(lineNumber) {
      const { document } = await store.line(lineNumber);
      if (!document?.settings) return undefined;
      const value = document.settings.bulkTransfer ?? EMPTY_BULK_TRANSFER;
      return linePart(document.settings, value, versionOf(document.versions, 'bulkTransfer'));
    },
    putBulkTransfer: (lineNumber, transfer, condition, how) =>
      write((noted) => tryPutPart(noted, lineNumber, { ...bulkTransferPart(transfer), ...how }, condition)),
  };
}

/** A part of a line as it is read, with what is contracted under the line number. */
function linePart<T>({ lineNumber, services }: LineSettings, value: T, version: string): StoredPart<T> {
  const contracted = services?.[lineNumber];
  return { value, version, ...(contracted && { services: contracted }) };
}

/** A part of a line's settings that is written on its own. */
interface LinePart<T> {
  readonly name: 'faultNotice' | 'bulkTransfer';
  /** The part for the line as it is now: its numbers may have changed since the part was checked. */
  readonly valueFor: (line: LineSettings) => T;
  readonly isOrder?: boolean;
}

const faultNoticePart = (notice: FaultNotice): LinePart<FaultNotice> => ({
  name: 'faultNotice',
  valueFor: () => notice,
});

const bulkTransferPart = (transfer: BulkTransferSettings): LinePart<BulkTransferSettings> => ({
  name: 'bulkTransfer',
  valueFor: ({ numbers }) => withinLine(transfer, numbers),
});

/** Tries once to write a part of a line. */
async function tryPutPart<T>(
  store: DocumentStore,
  lineNumber: string,
  { name, valueFor, isOrder }: LinePart<T>,
  condition: Precondition | undefined,
): Promise<WriteResult<T> | Again> {
  const { text, document } = await store.line(lineNumber);
  if (!document?.settings) return { kind: 'unknown' };
  if (!isMet(condition, versionOf(document.versions, name))) return { kind: 'stale' };
  const version = newVersion();
  const value = valueFor(document.settings);
  const after: LineDocument = {
    ...document,
    settings: { ...document.settings, [name]: value },
    versions: { ...document.versions, [name]: version },
  };
  const swapped = await store.swapLine(lineNumber, text, after, isOrder);
  return swapped ? { kind: 'written', value, version, created: false } : 'again';
}

function lineIn({ faultNotice: _faultNotice, bulkTransfer: _bulkTransfer, ...line }: LineSettings): Line {
  return line;
}

type NumberMethods = Pick<SettingsRepository, 'getNumber' | 'getSection' | 'putSection'>;

function numberMethods(store: RawDocuments, edits: EditStore, write: Write): NumberMethods {
  return {
    getNumber: async (number) => (await readNumber(store, number))?.document.settings,
    async getSection(number, section) {
      const document = (await readNumber(store, number))?.document;
      if (!document) return undefined;
      const { services } = document.settings;
      return {
        value: sectionOf(document.settings, section),
        version: versionOf(document.versions, section),
        ...(services && { services }),
      };
    },
    putSection: (number, section, value, condition) =>
      write(async (noted): Promise<WriteResult<typeof value> | Again> => {
        const read = await readNumber(noted, number);
        if (!read) return { kind: 'unknown' };
        const { text, document } = read;
        if (section === 'callNotice' && document.prepared) {
          await settle({ store, edits }, number, read);
          return 'again';
        }
        if (!isMet(condition, versionOf(document.versions, section))) return { kind: 'stale' };
        const version = newVersion();
        const after: NumberDocument = {
          ...document,
          settings: { ...document.settings, [section]: value },
          versions: { ...document.versions, [section]: version },
        };
        const swapped = await noted.swapNumber(number, text, after);
        return swapped ? { kind: 'written', value, version, created: false } : 'again';
      }),
  };
}

/** A number's document, unless the line that it names does not list it: then an interrupted write left it. */
async function readNumber(
  store: Pick<DocumentStore, 'line' | 'numbers'>,
  number: string,
): Promise<{ readonly text: string; readonly document: NumberDocument } | undefined> {
  const [read] = await store.numbers([number]);
  if (!read?.document || read.text === null) return undefined;
  const owner = (await store.line(read.document.settings.lineNumber)).document;
  return owner && isNumberOf(owner, number) ? { text: read.text, document: read.document } : undefined;
}
