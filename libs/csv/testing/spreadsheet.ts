import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { cp932 } from './cp932.ts';

/**
 * What becomes of a CSV that is opened and saved in a spreadsheet: what looks like a quantity loses its leading zeros,
 * quotes go where none are needed, and a Japanese one saves CP932.
 */
export function savedBySpreadsheet(csv: string): Buffer {
  const rows: string[][] = parse(csv, { bom: true, relax_column_count: true });
  const shown = rows.map((row) => row.map((cell) => (/^\d+$/.test(cell) ? String(BigInt(cell)) : cell)));
  return cp932(stringify(shown, { record_delimiter: '\r\n' }));
}
