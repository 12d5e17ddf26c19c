import { parseSubscriberNumber, type ParsedNumber } from './telephone-number.ts';

/**
 * A number as it stands in a table: a spreadsheet takes the leading 0 from what looks like a quantity. It is put back
 * where only then the text is a number.
 */
export function withLostZero(text: string, parse: (text: string) => ParsedNumber): string {
  const isLost = /^[1-9]\d*$/.test(text) && !parse(text).ok && parse(`0${text}`).ok;
  return isLost ? `0${text}` : text;
}

/** Reads a cell as one of these numbers, its lost 0 put back; another's and nobody's are the same `number-unknown`. */
export function numberAmong(
  numbers: readonly string[],
): (cell: string) => { readonly key: string } | { readonly code: string } {
  const known = new Set(numbers);
  return (cell) => {
    const parsed = parseSubscriberNumber(withLostZero(cell.trim(), parseSubscriberNumber));
    if (!parsed.ok) return { code: parsed.problems[0]?.code ?? 'number-empty' };
    return known.has(parsed.number) ? { key: parsed.number } : { code: 'number-unknown' };
  };
}

/** What a cell says of a switch: 1 or 0, full-width ones too. `undefined`: something else. */
export function readSwitch(cell: string): boolean | undefined {
  const text = cell.normalize('NFKC').trim();
  return text === '1' ? true : text === '0' ? false : undefined;
}

/** A switch as it stands in a table. */
export function switchCell(isOn: boolean): string {
  return isOn ? '1' : '0';
}
