import type { CellProblem } from './cell-problem.ts';
import { compareTable, type Comparison, type RowChange, type Sheet } from './compare-table.ts';
import { writeTable } from './write-table.ts';

/** What came of setting a table. `refused`: nothing of it was set; it has problems, or does something else by now. */
type SetResult =
  | { readonly kind: 'set'; readonly count: number }
  | { readonly kind: 'refused'; readonly comparison: Comparison<unknown> };

/** Settings of many numbers, read and set as one table. */
export interface BulkTable {
  /** The CSV of what is set now. */
  download(): Promise<string>;
  /** What an uploaded CSV would change, or what is wrong with it. Changes nothing. */
  preview(text: string): Promise<Comparison<unknown>>;
  /** Sets all that an uploaded CSV changes, if that is what its preview has shown (`seen`), or nothing. */
  set(text: string, seen: string): Promise<SetResult>;
}

/** How a table is read and written. */
export interface BulkTableParts<T> {
  readonly sheet: () => Promise<Sheet<T>>;
  /** Writes all changes under the versions of their sheet, or none: then it says what is wrong, or that one is stale. */
  readonly write: (
    changes: readonly RowChange<T>[],
    sheet: Sheet<T>,
  ) => Promise<'written' | 'stale' | readonly CellProblem[]>;
}

/** Makes a table of what reads and writes it. */
export function createBulkTable<T>({ sheet, write }: BulkTableParts<T>): BulkTable {
  return {
    async download() {
      const { columns, rows } = await sheet();
      return writeTable(columns, [...rows.values()]);
    },
    preview: async (text) => compareTable(text, await sheet()),
    async set(text, seen) {
      const stored = await sheet();
      const comparison = await compareTable(text, stored);
      if (comparison.problems.length > 0 || comparison.seen !== seen) return { kind: 'refused', comparison };
      const written = await write(comparison.changes, stored);
      if (written === 'written') return { kind: 'set', count: comparison.changes.length };
      const refused =
        written === 'stale' ? await compareTable(text, await sheet()) : { ...comparison, problems: written };
      return { kind: 'refused', comparison: refused };
    },
  };
}
