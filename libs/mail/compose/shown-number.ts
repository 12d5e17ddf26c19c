import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Whether a number is foreign: those are stored in E.164 with a leading `+`. */
export function isForeign(number: string): boolean {
  return number.startsWith('+');
}

/** 050, 070, 080 and 090 numbers, the great majority, share one grouping. 0800 is another service. */
const PERSONAL = /^0[5789]0[1-9]\d{7}$/;

/** The library's table looks at no more than these digits; a line's numbers mostly share them. */
const LEADING_DIGITS = 7;

/** How many digits stand between hyphens, by a number's leading digits and its length: parsing costs a tenth of composing a mail. */
const cache = new Map<string, readonly number[]>();
const MAX_CACHED = 10_000;

/** Formats a number for reading, such as `090-1234-5678` or `+1-415-555-0100`. Unknown groupings stay as they are. */
export function shownNumber(number: string): string {
  if (isForeign(number)) return foreignShown(number);
  if (PERSONAL.test(number)) return grouped(number, [3, 4, 4]);
  const key = `${number.slice(0, LEADING_DIGITS)} ${number.length}`;
  const known = cache.get(key);
  if (known !== undefined) return grouped(number, known);
  if (cache.size >= MAX_CACHED) cache.clear();
  const sizes = groupsOf(number);
  cache.set(key, sizes);
  return grouped(number, sizes);
}

function foreignShown(number: string): string {
  const shown = parsePhoneNumberFromString(number)?.formatInternational() ?? number;
  const hyphenated = shown.replaceAll(' ', '-');
  return hyphenated.replaceAll('-', '') === number ? hyphenated : number;
}

function groupsOf(number: string): readonly number[] {
  const shown = parsePhoneNumberFromString(number, 'JP')?.formatNational() ?? number;
  // A grouping that drops a digit would show a number that nobody called from.
  return shown.replaceAll('-', '') === number
    ? shown.split('-').map(({ length }) => length)
    : [number.length];
}

function grouped(number: string, sizes: readonly number[]): string {
  let from = 0;
  return sizes.map((size) => number.slice(from, (from += size))).join('-');
}
