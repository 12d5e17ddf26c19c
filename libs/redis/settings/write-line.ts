import type { LineSettings } from '#rules';
import { isMet, type Line, type LineWriteResult, type Precondition } from '#settings';
import { accountField } from '../access/access-fields.ts';
import type { DocumentStore, LineAccounts, ReadDocument } from './document-store.ts';
import { newFaultNotice, newNumber, numbersOf, type LineDocument, type NumberDocument } from './documents.ts';
import type { Again } from '../connection/compare-and-swap.ts';
import { newVersion } from '../stored-text.ts';

/*
 * A line and its numbers are several documents, in a cluster on several nodes, so a write goes in steps:
 *   1. the line's document says what is going to change (`change`), which also takes it from any writer before us;
 *   2. the numbers' documents are claimed, changed, and at last removed, each only as it was read while 1. still stood;
 *   3. the line's document takes its new shape.
 * A crash in between leaves `change` behind: the next writer handles every number it names. A number's document that
 * names a line that does not list it belongs to nobody. What leaves a line is gone before 3. answers, so a number never
 * mails for a line that has lost it. So are the accounts (A1) of the numbers that come and go, which nobody logs in with
 * before 3.: they too are removed only as they were read in 2., so that a writer that was overtaken removes nothing of
 * what came after it.
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
  const key = store.keys.line(line.lineNumber);
  const touched = numbersTouched(read.document, line);
  if (touched.length === 0) return (await store.swap(key, read.text, after)) ? written : 'again';
  // `moveNumbers` undoes what an earlier attempt left behind.
  const taken = read.document?.change
    ? undefined
    : await findTaken(store, line, await store.numbers(line.numbers));
  if (taken) return taken;
  const intent = JSON.stringify(intend(read.document, touched));
  if (!(await store.swap(key, read.text, intent))) return 'again';
  const moved = await moveNumbers(store, { line, before: read.document, intent, touched });
  if (moved === 'moved') return (await store.swap(key, intent, after)) ? written : 'again';
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
  const intent = JSON.stringify({ ...intend(document, touched), settings: null });
  if (!(await store.swap(store.keys.line(lineNumber), text, intent))) return 'again';
  return finishDelete(store, { lineNumber, intent, touched });
}

async function finishDelete(
  store: DocumentStore,
  { lineNumber, intent, touched }: { lineNumber: string; intent: string; touched: readonly string[] },
): Promise<'deleted'> {
  const key = store.keys.line(lineNumber);
  for (;;) {
    const read = await readTouched(store, lineNumber, touched);
    // Whoever has taken over the line sees every number left behind, so nothing remains for us to do.
    if ((await store.line(lineNumber)).text !== intent) return 'deleted';
    const goal: Goal = { lineNumber, had: undefined, wanted: undefined, takesOrphans: false };
    if ((await bringTo(store, goal, read)) && (await store.swap(key, intent, null))) return 'deleted';
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
  const { change: _change, ...settled } = before ?? {};
  return (await store.swap(store.keys.line(lineNumber), intent, had ? settled : null)) ? taken : 'again';
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
  const [documents, accounts] = await Promise.all([store.numbers(numbers), store.accounts(lineNumber)]);
  return { numbers, documents, accounts };
}

/** The intended numbers of a line: `wanted` lists them (undefined: none); those it had keep their settings. */
interface Goal {
  readonly lineNumber: string;
  readonly had: LineSettings | undefined;
  readonly wanted: Pick<Line, 'lineNumber' | 'brand' | 'numbers'> | undefined;
  /** Whether a document of another line may be replaced, because that line does not list it. */
  readonly takesOrphans: boolean;
}

/**
 * Writes the numbers' documents, claims first and removals last, and then removes the accounts of those that come and
 * go; false when another writer was faster with one.
 */
async function bringTo(
  store: DocumentStore,
  goal: Goal,
  { numbers, documents, accounts }: Touched,
): Promise<boolean> {
  const writes = numbers.map((number, index) => {
    const { text = null, document } = documents[index] ?? {};
    return { number, text, after: numberAfter(number, document, goal) };
  });
  for (const isRemoval of [false, true]) {
    const written = await Promise.all(
      writes.map(
        async ({ number, text, after }) =>
          after === 'as it is' || (after === null) !== isRemoval || writeNumber(store, number, text, after),
      ),
    );
    if (!written.every(Boolean)) return false;
  }
  const moved = new Set(
    writes.filter(({ after }) => !isKept(after)).map(({ number }) => accountField(number)),
  );
  // With a line itself, what is stored for all of it comes and goes.
  const isWhole = !goal.had || !goal.wanted;
  const forgotten = [...accounts].filter(([field]) => isWhole || moved.has(field));
  return forgotten.length === 0 || store.forgetAccounts(goal.lineNumber, new Map(forgotten));
}

/** Whether a number stays what it was: then its next document is `touched`. */
function isKept(after: NumberDocument | null | 'as it is'): boolean {
  return after !== 'as it is' && after?.touched !== undefined;
}

/** Writes a number's document. One that was there and is not kept changes hands. */
function writeNumber(
  store: DocumentStore,
  number: string,
  before: string | null,
  after: NumberDocument | null,
): Promise<boolean> {
  return before === null || isKept(after)
    ? store.swap(store.keys.number(number), before, after)
    : store.handOver(number, before, after);
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
  return { ...document, settings: { ...document.settings, brand: wanted.brand }, touched: newVersion() };
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
  return document !== undefined && numbersOf(document).includes(number);
}

/** The numbers that a write has to look at: those added, removed or rebranded, and those left behind by others. */
function numbersTouched(before: LineDocument | undefined, line: Line): string[] {
  const { settings, change } = before ?? {};
  const had = settings?.numbers ?? [];
  const come = line.numbers.filter((number) => !had.includes(number));
  const go = had.filter((number) => !line.numbers.includes(number));
  const rebrand = settings && settings.brand !== line.brand ? had : [];
  return [...new Set([...come, ...go, ...rebrand, ...(change?.numbers ?? [])])];
}

function intend(before: LineDocument | undefined, touched: readonly string[]): LineDocument {
  const base: LineDocument = before ?? {
    settings: null,
    versions: { line: newVersion(), faultNotice: newVersion() },
  };
  return { ...base, change: { id: newVersion(), numbers: touched } };
}

function lineAfter(line: Line, before: LineDocument | undefined): LineDocument {
  const { lineNumber, brand, contractor, numbers } = line;
  const kept = before?.settings
    ? { value: before.settings.faultNotice, version: before.versions.faultNotice }
    : newFaultNotice();
  const settings: LineSettings = { lineNumber, brand, contractor, numbers, faultNotice: kept.value };
  return { settings, versions: { line: newVersion(), faultNotice: kept.version } };
}
