import { CsvError, parse } from 'csv-parse/sync';
import type { CellProblem } from './cell-problem.ts';
import { unescapeCell } from './escape-cell.ts';

/** A row of a table: where it stands, and its texts in the order of our columns. */
interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** How many lines a table may have, the header among them. */
export const MOST_LINES = 10_000;

type Read = { readonly rows: readonly TableRow[] } | { readonly problems: readonly CellProblem[] };

/**
 * Reads the rows of a CSV whose header names our columns, in any order. Lines are counted as a spreadsheet counts them:
 * a line end inside of a cell begins none. Rows without any text are left out.
 */
export function readTable(text: string, columns: readonly string[]): Read {
  const parsed = parseRows(text);
  if ('problems' in parsed) return parsed;
  const [header = [], ...rows] = parsed.rows;
  const names = header.map((name) => unescapeCell(name).trim());
  const wrong = headerProblems(names, columns);
  if (wrong.length > 0) return { problems: wrong };
  if (parsed.rows.length > MOST_LINES) return { problems: [{ code: 'csv-lines' }] };
  const places = columns.map((column) => names.indexOf(column));
  const found = rows
    .map((cells, index) => ({ line: index + 2, cells }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const tooLong = found.filter(({ cells }) => cells.slice(names.length).some((cell) => cell !== ''));
  if (tooLong.length > 0) return { problems: tooLong.map(({ line }) => ({ line, code: 'csv-cells' })) };
  return {
    rows: found.map(({ line, cells }) => ({
      line,
      cells: places.map((place) => unescapeCell(cells[place] ?? '')),
    })),
  };
}

function parseRows(
  text: string,
): { readonly rows: readonly (readonly string[])[] } | { readonly problems: readonly CellProblem[] } {
  try {
    const rows = parse(text, {
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      // One more than may be there tells that there are too many.
      to: MOST_LINES + 1,
    });
    return { rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // It counts the rows before the one whose quotes are wrong.
    const rowsBefore: unknown = Reflect.get(error, 'records');
    return { problems: [{ line: Number(rowsBefore) + 1, code: 'csv-quotes' }] };
  }
}

/** What is wrong with the header: a column of ours that is missing, or twice, and one that is not ours. */
function headerProblems(names: readonly string[], columns: readonly string[]): CellProblem[] {
  const at = (column: string, code: string): CellProblem => ({ line: 1, column, code });
  if (!columns.some((column) => names.includes(column))) return [{ line: 1, code: 'csv-header' }];
  const missing = columns.filter((column) => !names.includes(column));
  const unknown = names.filter((name) => name !== '' && !columns.includes(name));
  const twice = columns.filter((column) => names.indexOf(column) !== names.lastIndexOf(column));
  return [
    ...missing.map((column) => at(column, 'csv-column-missing')),
    ...[...new Set(unknown)].map((column) => at(column, 'csv-column-unknown')),
    ...twice.map((column) => at(column, 'csv-column-twice')),
  ];
}
