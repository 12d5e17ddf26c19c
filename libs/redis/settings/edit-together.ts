import type { CallNoticeWrite } from '#settings';
import { untilUndisturbed, type Again } from '../connection/compare-and-swap.ts';
import { newVersion } from '../stored-text.ts';
import type { RawDocuments, ReadDocument } from './document-store.ts';
import { numbersOf, numberText, type NumberDocument } from './documents.ts';
import type { EditStore } from './edit-store.ts';

/*
 * The call notices of many numbers are in as many documents, in a cluster on several nodes. They are changed all or none:
 *   1. the edit is noted as `preparing`;
 *   2. each number's document gets what it shall become beside what it is (`prepared`), if it still has the version that
 *      was seen; where one has not, the edit is given up;
 *   3. the edit becomes `committed`: this one step decides for all of them;
 *   4. each document becomes what was prepared; then the edit is forgotten, which `settleEdits` does.
 * Before 3. nobody is seen to have changed; after it, 4. is done by whoever is there. Whoever wants to write a call notice
 * and finds something prepared settles that first: it gives an edit up that is still preparing. So a dead process holds
 * nobody up, and a living one that was overtaken changes nothing. What is prepared for an edit that is not noted any more
 * is of one that was given up: a committed one is forgotten only after every number has what was prepared for it.
 */

/** After so long an edit that is still preparing is taken for dead. */
const GIVEN_UP_AFTER_MS = 60_000;

/** What edits stand on. */
export interface EditParts {
  readonly store: Pick<RawDocuments, 'keys' | 'lines' | 'numbers' | 'swap'>;
  readonly edits: EditStore;
  /** Waits until what was written under these keys is on disk. */
  readonly onDisk: (keys: readonly string[]) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type Read = ReadDocument<NumberDocument>;

/** Writes call notices, all or none. */
export async function editTogether(
  parts: EditParts,
  writes: readonly CallNoticeWrite[],
): Promise<'written' | 'stale'> {
  const { store, edits, onDisk, now } = parts;
  const id = newVersion();
  const numbers = writes.map(({ number }) => number);
  const read = await readListed(store, numbers);
  if (!writes.every(({ version }, index) => read[index]?.document?.versions.callNotice === version))
    return 'stale';
  const preparing = { state: 'preparing', numbers, at: now() } as const;
  await edits.swap(id, null, preparing);
  const isPrepared = await forEach(writes, (write, index) => prepare(parts, id, write, read[index]));
  // A node that forgot what was prepared would keep its numbers as they were when the others' change.
  if (isPrepared) await onDisk(numbers.map(store.keys.number));
  const committed = { ...preparing, state: 'committed' } as const;
  if (!isPrepared || !(await edits.swap(id, JSON.stringify(preparing), committed))) {
    await edits.swap(id, JSON.stringify(preparing), null);
    await settleNumbers(parts, id, { numbers, isCommitted: false });
    return 'stale';
  }
  await onDisk([edits.key]);
  await settleNumbers(parts, id, { numbers, isCommitted: true });
  return 'written';
}

/** Finishes edits that are decided, and gives up those that seem to be dead. */
export async function settleEdits(parts: EditParts): Promise<void> {
  const { store, edits, onDisk, now } = parts;
  for (const [id, { text, edit }] of await edits.all()) {
    const { numbers } = edit;
    const isCommitted = edit.state === 'committed';
    if (!isCommitted && (now() - edit.at < GIVEN_UP_AFTER_MS || !(await edits.swap(id, text, null))))
      continue;
    await settleNumbers(parts, id, { numbers, isCommitted });
    if (!isCommitted) continue;
    await onDisk(numbers.map(store.keys.number));
    await edits.swap(id, text, null);
  }
}

/**
 * The documents of numbers; one that its line does not list is nobody's. Asked once is enough: a line drops the documents
 * of the numbers that leave it before it stops listing them.
 */
export async function readListed(
  store: Pick<RawDocuments, 'lines' | 'numbers'>,
  numbers: readonly string[],
): Promise<readonly (Read | undefined)[]> {
  const read = await store.numbers(numbers);
  const lineNumbers = [...new Set(read.flatMap(({ document }) => document?.settings.lineNumber ?? []))];
  const lines = await store.lines(lineNumbers);
  const listed = new Map(
    lineNumbers.map((lineNumber, index) => {
      const line = lines[index]?.document;
      return [lineNumber, new Set(line ? numbersOf(line) : [])];
    }),
  );
  return read.map((one) => {
    const { lineNumber = '', number = '' } = one.document?.settings ?? {};
    return listed.get(lineNumber)?.has(number) ? one : undefined;
  });
}

/** Puts a new call notice beside a number's own. False: that is not the version any more that was seen. */
function prepare(
  { store, edits }: EditParts,
  id: string,
  { number, value, version }: CallNoticeWrite,
  known: Read | undefined,
): Promise<boolean> {
  const prepared = { edit: id, version: newVersion(), callNotice: value };
  let next = known;
  return untilUndisturbed('preparing settings', async () => {
    const [read] = next ? [next] : await store.numbers([number]);
    next = undefined;
    if (read?.document?.versions.callNotice !== version) return false;
    if (read.document.prepared) {
      await settle({ store, edits }, number, read);
      return 'again';
    }
    return (await swapNumber(store, number, read.text, { ...read.document, prepared })) || 'again';
  });
}

/** What came of an edit, and for which numbers something was prepared. */
interface Outcome {
  readonly numbers: readonly string[];
  readonly isCommitted: boolean;
}

/** Settles what an edit that is decided has prepared for its numbers. */
async function settleNumbers(
  { store }: EditParts,
  id: string,
  { numbers, isCommitted }: Outcome,
): Promise<void> {
  const swap = async (number: string, { text, document }: Read): Promise<true | Again> =>
    document?.prepared?.edit !== id ||
    (await swapNumber(store, number, text, settled(document, isCommitted))) ||
    'again';
  const read = await store.numbers(numbers);
  await forEach(numbers, (number, index) => {
    let next = read[index];
    return untilUndisturbed('settling settings', async () => {
      const [one] = next ? [next] : await store.numbers([number]);
      next = undefined;
      return one ? swap(number, one) : true;
    });
  });
}

/**
 * Gives a number what was prepared for it, if its edit is committed; else the edit is given up, and what was prepared is
 * dropped. `again`: another writer was faster.
 */
export async function settle(
  { store, edits }: { readonly store: Pick<RawDocuments, 'keys' | 'swap'>; readonly edits: EditStore },
  number: string,
  { text, document }: Read,
): Promise<true | Again> {
  if (!document?.prepared) return true;
  const { edit: id } = document.prepared;
  const found = await edits.read(id);
  if (found?.edit.state === 'preparing' && !(await edits.swap(id, found.text, null))) return 'again';
  const after = settled(document, found?.edit.state === 'committed');
  return (await swapNumber(store, number, text, after)) || 'again';
}

/** A document without what was prepared: that has taken its place, or is dropped. */
function settled({ prepared, ...document }: NumberDocument, isCommitted: boolean): NumberDocument {
  if (!prepared || !isCommitted) return document;
  const { callNotice, version } = prepared;
  return {
    ...document,
    settings: { ...document.settings, callNotice },
    versions: { ...document.versions, callNotice: version },
  };
}

/** The switch is told nothing of call notices, so there is no outbox to be written with them. */
function swapNumber(
  { keys, swap }: Pick<RawDocuments, 'keys' | 'swap'>,
  number: string,
  before: string | null,
  after: NumberDocument,
): Promise<boolean> {
  return swap(keys.number(number), before, numberText(after));
}

/** How many numbers are worked on at once, so that what waits in memory is bounded. */
const AT_ONCE = 100;

/** Whether the work was done for every item; it ends with the first round in which it was not. */
async function forEach<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<boolean>,
): Promise<boolean> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE);
    const done = await Promise.all(some.map((item, index) => work(item, from + index)));
    if (!done.every(Boolean)) return false;
  }
  return true;
}
