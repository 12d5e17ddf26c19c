import { stringify } from 'csv-stringify/sync';
import { escapeCell } from './escape-cell.ts';

/** Writes a table as CSV: its header, every cell quoted and escaped, CR and LF, UTF-8 with a byte order mark. */
export function writeTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [columns, ...rows].map((row) => row.map(escapeCell));
  return stringify(cells, { bom: true, quoted: true, quoted_empty: true, record_delimiter: '\r\n' });
}
