import type { Typed } from './setting-page.tsx';

/** The numbers of a form's rows, 1 to `rows`, whose field `name` is not empty: `address1`, `address3` → 1, 3. */
export function filledRows(typed: Typed, name: string, rows: number): readonly number[] {
  return rowNumbers(rows).filter((row) => typed(`${name}${row}`).trim() !== '');
}

/** 1 to `rows`. */
export const rowNumbers = (rows: number): readonly number[] =>
  Array.from({ length: rows }, (_, index) => index + 1);

/**
 * The field to blame for a path of the document's list (`recipients.1.address`), which has the filled rows alone; `''`
 * for the list as a whole and for what is not in it.
 */
export function fieldOfRow(path: string, name: string, filled: readonly number[]): string {
  const row = filled[Number(/^\w+\.(\d+)(?:\.|$)/.exec(path)?.[1] ?? Number.NaN)];
  return row === undefined ? '' : `${name}${row}`;
}
