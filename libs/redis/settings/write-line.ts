import type { LineSettings } from '#rules';
import { isMet, type Line, type LineWriteResult, type Precondition } from '#settings';
import { accountField } from '../access/access-fields.ts';
import type { DocumentStore, LineAccounts, ReadDocument } from './document-store.ts';
import {
  newNumber,
  isNumberOf,
  numbersOf,
  keptNumber,
  lineText,
  type LineDocument,
  type NumberDocument,
} from './documents.ts';
import { lineAfter } from './line-after.ts';
import type { Again } from '../connection/compare-and-swap.ts';
import { newVersion } from '../stored-text.ts';

/*
 * A line and its numbers are several documents, in a cluster on several nodes, so a write goes in steps:
 *   1. the line's document says what is going to change (`change`), which also takes it from any writer before us;
 *   2. the numbers' documents are claimed, changed, and at last removed, each only as it was read while 1. still stood;
 *   3. the line's document takes its new shape.
 * A crash in between leaves `change` behind: the next writer handles every number it names. A number's document that
 * names a line that does not list it belongs to nobody. What leaves a line is gone before 3. answers, so a number never
 * mails for a line that has lost it.
 *
 * The accounts (A1) of the numbers that come and go are removed too. Those of one that goes after its document, because
 * until then another writer may keep it with its password. Those of one that comes before its document: a document tells
 * whoever finishes a write that died that its number stays, and what is stored of its account by then is its own. Each is
 * removed only as it was read in 2., so that a writer that was overtaken removes nothing of what came after it.
 */

/** Tries once to write a line. */
export async function tryPutLine(
  store: DocumentStore,
  line: Line,
  condition: Precondition | undefined,
): Promise<LineWriteResult | Again> {
  const read = await store.line(line.lineNumber);
  const before = read.document?.settings ?? undefined;
  if (!isMet(condition, before && read.document?.versions.line)) return { kind: 'stale' };
  const after = lineAfter(line, read.document);
  const written: LineWriteResult = { kind: 'written', version: after.versions.line, created: !before };
  const { lineNumber } = line;
  const touched = numbersTouched(read.document, line);
  if (touched.length === 0) return (await store.swapLine(lineNumber, read.text, after)) ? written : 'again';
  // `moveNumbers` undoes what an earlier attempt left behind.
  const taken = read.document?.change
    ? undefined
    : await findTaken(store, line, await store.numbers(line.numbers));
  if (taken) return taken;
  const intent = lineText(intend(read.document, touched));
  if (!(await store.swapLine(lineNumber, read.text, intent))) return 'again';
  const moved = await moveNumbers(store, { line, before: read.document, intent, touched });
  if (moved === 'moved') return (await store.swapLine(lineNumber, intent, after)) ? written : 'again';
  return moved;
}

/** Tries once to delete a line with its numbers. */
export async function tryDeleteLine(
  store: DocumentStore,
  lineNumber: string,
  condition: Precondition | undefined,
): Promise<'deleted' | 'unknown' | 'stale' | Again> {
  const { text, document } = await store.line(lineNumber);
  if (!document) return 'unknown';
  // Without settings it is an interrupted removal: nothing remains to have a version.
  if (document.settings && !isMet(condition, document.versions.line)) return 'stale';
  const touched = numbersOf(document);
  const intent = lineText({ ...intend(document, touched), settings: null });
  if (!(await store.swapLine(lineNumber, text, intent))) return 'again';
  return finishDelete(store, { lineNumber, intent, touched });
}

async function finishDelete(
  store: DocumentStore,
  { lineNumber, intent, touched }: { lineNumber: string; intent: string; touched: readonly string[] },
): Promise<'deleted'> {
  for (;;) {
    const read = await readTouched(store, lineNumber, touched);
    // Whoever has taken over the line sees every number left behind, so nothing remains for us to do.
    if ((await store.line(lineNumber)).text !== intent) return 'deleted';
    const goal: Goal = { lineNumber, had: undefined, wanted: undefined, takesOrphans: false };
    if ((await bringTo(store, goal, read)) && (await store.swapLine(lineNumber, intent, null)))
      return 'deleted';
  }
}

interface Move {
  readonly line: Line;
  readonly before: LineDocument | undefined;
  readonly intent: string;
  readonly touched: readonly string[];
}

/** Step 2; when a number turns out to be another line's, everything is put back as it was before step 1. */
async function moveNumbers(store: DocumentStore, move: Move): Promise<'moved' | LineWriteResult | Again> {
  const { line, before, intent, touched } = move;
  const { lineNumber } = line;
  const read = await readTouched(store, lineNumber, touched);
  if ((await store.line(lineNumber)).text !== intent) return 'again';
  const taken = await findTaken(store, line, read.documents);
  const had = before?.settings ?? undefined;
  const goal: Goal = { lineNumber, had, wanted: taken ? had : line, takesOrphans: !taken };
  if (!(await bringTo(store, goal, read))) return 'again';
  if (!taken) return 'moved';
  const settled = had && before ? withoutChange(before) : null;
  return (await store.swapLine(lineNumber, intent, settled)) ? taken : 'again';
}

function withoutChange({ change: _change, ...settled }: LineDocument): LineDocument {
  return settled;
}

/** What step 2 changes, as it was before. */
interface Touched {
  readonly numbers: readonly string[];
  readonly documents: readonly ReadDocument<NumberDocument>[];
  readonly accounts: LineAccounts;
}

async function readTouched(
  store: DocumentStore,
  lineNumber: string,
  numbers: readonly string[],
): Promise<Touched> {
  // In this order: an account read here was there before a number that has no document yet gets one.
  const accounts = await store.accounts(lineNumber);
  const documents = await store.numbers(numbers);
  return { numbers, documents, accounts };
}

/** The intended numbers of a line: `wanted` lists them (undefined: none); those it had keep their settings. */
interface Goal {
  readonly lineNumber: string;
  readonly had: LineSettings | undefined;
  readonly wanted: Pick<Line, 'lineNumber' | 'brand' | 'numbers' | 'services'> | undefined;
  /** Whether a document of another line may be replaced, because that line does not list it. */
  readonly takesOrphans: boolean;
}

/**
 * Writes the numbers' documents, claims first and removals last, and removes the accounts of those that come and go;
 * false when another writer was faster with one.
 */
async function bringTo(
  store: DocumentStore,
  goal: Goal,
  { numbers, documents, accounts }: Touched,
): Promise<boolean> {
  const writes = numbers.map((number, index): NumberWrite => {
    const { text = null, document } = documents[index] ?? {};
    return { number, text, after: numberAfter(number, document, goal) };
  });
  const going = writes.filter(({ after }) => after === null);
  const others = writes.filter(({ after }) => after !== null);
  const coming = others.filter(({ after }) => !isKept(after));
  const write = async (some: readonly NumberWrite[]): Promise<boolean> =>
    (await Promise.all(some.map((one) => writeNumber(store, one)))).every(Boolean);
  const forget = async (some: readonly NumberWrite[] | 'all'): Promise<boolean> => {
    const fields = some === 'all' ? accounts : new Set(some.map(({ number }) => accountField(number)));
    const forgotten = [...accounts].filter(([field]) => fields.has(field));
    return forgotten.length === 0 || store.forgetAccounts(goal.lineNumber, new Map(forgotten));
  };
  // Where there is no line yet or no longer, all that is stored is of one that was.
  const isReady = await forget(goal.had ? coming : 'all');
  return isReady && (await write(others)) && (await write(going)) && forget(going);
}

/** Whether a number stays what it was: then its next document is `touched`. */
function isKept(after: NumberDocument | null | 'as it is'): boolean {
  return after !== 'as it is' && after?.touched !== undefined;
}

/** How a number's document shall change from the text that was read. */
interface NumberWrite {
  readonly number: string;
  readonly text: string | null;
  readonly after: NumberDocument | null | 'as it is';
}

/** Writes a number's document. One that was there and is not kept changes hands. */
async function writeNumber(store: DocumentStore, { number, text, after }: NumberWrite): Promise<boolean> {
  if (after === 'as it is') return true;
  return text === null || isKept(after)
    ? store.swapNumber(number, text, after)
    : store.handOver(number, text, after);
}

/** The next state of a number's document: written, removed (null), or left as it is. */
function numberAfter(
  number: string,
  document: NumberDocument | undefined,
  { lineNumber, had, wanted, takesOrphans }: Goal,
): NumberDocument | null | 'as it is' {
  const isOurs = document?.settings.lineNumber === lineNumber;
  if (!wanted?.numbers.includes(number)) return isOurs ? null : 'as it is';
  if (document && !isOurs && !takesOrphans) return 'as it is';
  if (!isOurs || !had?.numbers.includes(number)) return newNumber(number, wanted);
  // Also where nothing changes: an earlier writer may still be about to remove it.
  return { ...keptNumber(document, wanted), touched: newVersion() };
}

/** A wanted number, of those read, that belongs to another line. */
async function findTaken(
  store: DocumentStore,
  line: Line,
  read: readonly ReadDocument<NumberDocument>[],
): Promise<LineWriteResult | undefined> {
  const foreign = read.flatMap(({ document }) => {
    const isForeign = document && document.settings.lineNumber !== line.lineNumber;
    return isForeign && line.numbers.includes(document.settings.number) ? [document.settings] : [];
  });
  const owners = await store.lines(foreign.map(({ lineNumber }) => lineNumber));
  const index = owners.findIndex((owner, at) => lists(owner, foreign[at]?.number ?? ''));
  const found = foreign[index];
  return found && { kind: 'taken', number: found.number, lineNumber: found.lineNumber };
}

function lists({ document }: ReadDocument<LineDocument>, number: string): boolean {
  return document !== undefined && isNumberOf(document, number);
}

/**
 * The numbers that a write has to look at: those added, removed or rebranded, those for which something else is
 * contracted, and those left behind by others.
 */
function numbersTouched(before: LineDocument | undefined, line: Line): string[] {
  const { settings, change } = before ?? {};
  const had = settings?.numbers ?? [];
  const come = line.numbers.filter((number) => !had.includes(number));
  const go = had.filter((number) => !line.numbers.includes(number));
  const rebrand = settings && settings.brand !== line.brand ? had : [];
  const contract = had.filter((number) => !isSame(settings?.services?.[number], line.services?.[number]));
  return [...new Set([...come, ...go, ...rebrand, ...contract, ...(change?.numbers ?? [])])];
}

function isSame(before: readonly string[] | undefined, after: readonly string[] | undefined): boolean {
  return before?.join() === after?.join();
}

function intend(before: LineDocument | undefined, touched: readonly string[]): LineDocument {
  const base: LineDocument = before ?? {
    settings: null,
    versions: { line: newVersion(), faultNotice: newVersion(), bulkTransfer: newVersion() },
  };
  return { ...base, change: { id: newVersion(), numbers: touched } };
}
