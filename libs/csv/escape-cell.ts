/** What a spreadsheet would run as a formula; and our own mark, so that it can be told from one in the text. */
const RUNS = /^[=+\-@\t\r']/;

/** A cell that no spreadsheet runs: a ' is put before what would be. */
export function escapeCell(text: string): string {
  return RUNS.test(text) ? `'${text}` : text;
}

/** The text of a cell that may be escaped: exactly one ' is taken from its beginning. */
export function unescapeCell(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}
