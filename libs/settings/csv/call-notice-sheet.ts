import type { Sheet } from '#csv';
import {
  callNoticeInput,
  numberAmong,
  parseAddress,
  parseCallerNumber,
  readDocument,
  readSwitch,
  switchCell,
  withLostZero,
  type CallNotice,
} from '#rules';
import { noticeRules, type BrandLimits } from '../edit-section.ts';
import type { Versioned } from '../settings-repository.ts';

/** The columns of the switches, and the fields that they stand for. */
const SWITCHES = [
  ['開始', 'enabled'],
  ['対象のみ', 'targetCallersOnly'],
  ['未応答のみ', 'unansweredOnly'],
] as const;

/** The columns of the lists: what an entry is, and its box. */
const RECIPIENT = { text: 'アドレス', box: '送信' };
const TARGET = { text: '対象', box: '指定' };

type NoticeInput = ReturnType<typeof callNoticeInput>;
type ListColumns = typeof RECIPIENT;
type Cell = (column: string) => string;
type RowProblem = { readonly column: string; readonly code: string };

/** The call notices of some numbers of one brand as a table (C14). */
export function callNoticeSheet(
  brands: BrandLimits,
  brand: string,
  stored: ReadonlyMap<string, Versioned<CallNotice>>,
): Sheet<CallNotice> {
  const notices = [...stored.values()].map(({ value }) => value);
  const { limits } = noticeRules(brands, brand);
  const inputWith = (notice?: CallNotice): NoticeInput => callNoticeInput(noticeRules(brands, brand, notice));
  const usual = inputWith();
  const isUsual = ({ recipients, targetCallers }: CallNotice): boolean =>
    recipients.length <= limits.recipients &&
    targetCallers.length <= limits.targetCallers &&
    !recipients.some(isOfEarlierYears);
  // A limit may have become smaller than what is stored.
  const places = {
    recipients: Math.max(limits.recipients, ...notices.map(({ recipients }) => recipients.length)),
    targets: Math.max(limits.targetCallers, ...notices.map(({ targetCallers }) => targetCallers.length)),
  };
  const lists = [...listColumns(RECIPIENT, places.recipients), ...listColumns(TARGET, places.targets)];
  const columns = ['電話番号', ...SWITCHES.map(([column]) => column), ...lists];
  const cellsOf = (number: string, notice: CallNotice): string[] => [
    number,
    ...SWITCHES.map(([, field]) => switchCell(notice[field])),
    ...listCells(notice.recipients, ({ address }) => address, places.recipients),
    ...listCells(notice.targetCallers, ({ number: caller }) => caller, places.targets),
  ];
  return {
    columns,
    rows: new Map([...stored].map(([number, { value }]) => [number, cellsOf(number, value)])),
    keyOf: numberAmong([...stored.keys()]),
    versionOf: (number) => stored.get(number)?.version ?? '',
    read: (number, cell) => {
      const before = stored.get(number)?.value;
      // Making a check takes longer than checking: all share one, but for whom something else may be kept.
      const input = !before || isUsual(before) ? usual : inputWith(before);
      const read = readRow(input, cell, places);
      return 'problems' in read ? read : { ...read, cells: cellsOf(number, read.value) };
    },
  };
}

function isOfEarlierYears({ address }: CallNotice['recipients'][number]): boolean {
  const parsed = parseAddress(address);
  return parsed.ok && parsed.legacy !== undefined;
}

function listColumns({ text, box }: ListColumns, most: number): string[] {
  return Array.from({ length: most }, (_, index) => [`${text}${index + 1}`, `${box}${index + 1}`]).flat();
}

function listCells<T extends { readonly enabled: boolean }>(
  entries: readonly T[],
  textOf: (entry: T) => string,
  most: number,
): string[] {
  return Array.from({ length: most }, (_, index) => {
    const entry = entries[index];
    return entry ? [textOf(entry), switchCell(entry.enabled)] : ['', ''];
  }).flat();
}

/** How many entries of a list a row has columns for. */
interface Places {
  readonly recipients: number;
  readonly targets: number;
}

function readRow(
  input: NoticeInput,
  cell: Cell,
  places: Places,
): { readonly value: CallNotice } | { readonly problems: readonly RowProblem[] } {
  const problems: RowProblem[] = [];
  const isOn = (column: string): boolean => {
    const read = readSwitch(cell(column));
    if (read === undefined) problems.push({ column, code: 'csv-switch' });
    return read ?? false;
  };
  const row: Row = { cell, isOn, problem: (problem) => void problems.push(problem) };
  const switches = Object.fromEntries(SWITCHES.map(([column, field]) => [field, isOn(column)]));
  const recipients = readList(row, RECIPIENT, places.recipients);
  const targets = readList(row, TARGET, places.targets);
  const read = readDocument(input, {
    ...switches,
    recipients: recipients.map(({ text, enabled }) => ({ address: text, enabled })),
    targetCallers: targets.map(({ text, enabled }) => ({
      number: withLostZero(text, parseCallerNumber),
      enabled,
    })),
  });
  if (read.ok && problems.length === 0) return { value: read.value };
  const columnOf = (path: string): string => {
    const [list, index] = path.split('.');
    const [entries, { text }] = list === 'targetCallers' ? [targets, TARGET] : [recipients, RECIPIENT];
    return `${text}${entries[Number(index)]?.place ?? 1}`;
  };
  const refused = read.ok ? [] : read.errors.map(({ path, code }) => ({ column: columnOf(path), code }));
  return { problems: [...problems, ...refused] };
}

/** A row while it is read. */
interface Row {
  readonly cell: Cell;
  /** Reads a switch; one that is none is a problem, and off. */
  readonly isOn: (column: string) => boolean;
  readonly problem: (problem: RowProblem) => void;
}

/** The entries of a list that are there, each with its place from 1; a box that is ticked needs one. */
function readList(
  { cell, isOn, problem }: Row,
  { text: textColumn, box }: ListColumns,
  most: number,
): { readonly place: number; readonly text: string; readonly enabled: boolean }[] {
  return Array.from({ length: most }, (_, index) => index + 1).flatMap((place) => {
    const text = cell(`${textColumn}${place}`);
    const boxColumn = `${box}${place}`;
    if (text !== '') return [{ place, text, enabled: isOn(boxColumn) }];
    if (cell(boxColumn) !== '' && isOn(boxColumn))
      problem({ column: `${textColumn}${place}`, code: 'required' });
    return [];
  });
}
