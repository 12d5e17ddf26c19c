import { hash } from 'node:crypto';
import { setImmediate as letOthers } from 'node:timers/promises';
import type { CellProblem } from './cell-problem.ts';
import { readTable } from './read-table.ts';

/** What a row says: the value that it stands for and how the table would show that, or what is wrong in which column. */
type ReadRow<T> =
  | { readonly value: T; readonly cells: readonly string[] }
  | { readonly problems: readonly { readonly column: string; readonly code: string }[] };

/** A table of things that have a key: what is stored now, and how a row of an uploaded one is read. */
export interface Sheet<T> {
  /** The headers. The first one is that of the key. */
  readonly columns: readonly string[];
  /** The rows as they are downloaded, by their keys. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  /** The key that a cell means, or what is wrong with it. */
  readonly keyOf: (cell: string) => { readonly key: string } | { readonly code: string };
  /** Reads a row that is not as it is stored; `cell` is its text in a column. */
  readonly read: (key: string, cell: (column: string) => string) => ReadRow<T>;
  /** What is wrong with all that is stored once the changes are made. */
  readonly checkAll?: (changes: readonly RowChange<T>[]) => readonly CellProblem[];
  /** The version of what is stored under a key. */
  readonly versionOf: (key: string) => string;
}

/** A row that changes something: in which columns, and from what to what. */
export interface RowChange<T> {
  readonly key: string;
  readonly line: number;
  readonly value: T;
  readonly differences: readonly {
    readonly column: string;
    readonly before: string;
    readonly after: string;
  }[];
}

/** An uploaded table beside what is stored. With a problem nothing of it counts. */
export interface Comparison<T> {
  readonly problems: readonly CellProblem[];
  readonly changes: readonly RowChange<T>[];
  /** A digest of the changes and of the versions that they are changes of: another one, and something is not as it was. */
  readonly seen: string;
}

/** After so many rows, about 20 ms of work, other requests get their turn. */
const ROWS_IN_A_TURN = 50;

/** Compares an uploaded table with what is stored. What it has no row for stays as it is. */
export async function compareTable<T>(text: string, sheet: Sheet<T>): Promise<Comparison<T>> {
  const read = readTable(text, sheet.columns);
  if ('problems' in read) return { problems: read.problems, changes: [], seen: '' };
  const [keyColumn = ''] = sheet.columns;
  const places = new Map(sheet.columns.map((column, index) => [column, index]));
  const problems: CellProblem[] = [];
  const changes: RowChange<T>[] = [];
  const seen = new Set<string>();
  for (const [index, { line, cells }] of read.rows.entries()) {
    if (index % ROWS_IN_A_TURN === ROWS_IN_A_TURN - 1) await letOthers();
    const found = sheet.keyOf(cells[0] ?? '');
    if ('code' in found || seen.has(found.key)) {
      const code = 'code' in found ? found.code : 'csv-row-twice';
      problems.push({ line, column: keyColumn, code });
      continue;
    }
    seen.add(found.key);
    const row = compareRow(sheet, found.key, (column) => cells[places.get(column) ?? -1] ?? '');
    if (!row) continue;
    if ('problems' in row) problems.push(...row.problems.map((problem) => ({ line, ...problem })));
    else if (row.differences.length > 0) changes.push({ key: found.key, line, ...row });
  }
  if (read.rows.length === 0) problems.push({ code: 'csv-empty' });
  if (problems.length === 0) problems.push(...(sheet.checkAll?.(changes) ?? []));
  return { problems, changes, seen: digest(changes, sheet) };
}

function digest(
  changes: readonly RowChange<unknown>[],
  { versionOf }: Pick<Sheet<unknown>, 'versionOf'>,
): string {
  const parts = changes.map(({ key, differences }) => [key, versionOf(key), differences]);
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

/** A row that is as it was downloaded needs no check: what is stored may stay, whatever is accepted anew. */
function compareRow<T>(
  { columns, rows, read }: Sheet<T>,
  key: string,
  cell: (column: string) => string,
): Pick<RowChange<T>, 'value' | 'differences'> | Extract<ReadRow<T>, { problems: unknown }> | undefined {
  const stored = rows.get(key) ?? [];
  if (columns.every((column, index) => index === 0 || cell(column) === stored[index])) return undefined;
  const row = read(key, cell);
  if ('problems' in row) return row;
  const differences = columns
    .map((column, index) => ({ column, before: stored[index] ?? '', after: row.cells[index] ?? '' }))
    .filter(({ column, before, after }) => column !== columns[0] && before !== after);
  return { value: row.value, differences };
}
