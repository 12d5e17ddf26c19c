import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Whether a number is foreign: those are stored in E.164 with a leading `+`. */
export function isForeign(number: string): boolean {
  return number.startsWith('+');
}

/** 050, 070, 080 and 090 numbers, the great majority, share one grouping. 0800 is another service. */
const PERSONAL = /^0[5789]0[1-9]\d{7}$/;

/** Parsing a number costs a tenth of composing a mail, and subscribers' own numbers recur. */
const cache = new Map<string, string>();
const MAX_CACHED = 10_000;

/** Formats a number for reading, such as `090-1234-5678`. Foreign numbers and unknown groupings stay as they are. */
export function shownNumber(number: string): string {
  if (isForeign(number)) return number;
  if (PERSONAL.test(number)) return `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`;
  const cached = cache.get(number);
  if (cached !== undefined) return cached;
  if (cache.size >= MAX_CACHED) cache.clear();
  const shown = group(number);
  cache.set(number, shown);
  return shown;
}

function group(number: string): string {
  const shown = parsePhoneNumberFromString(number, 'JP')?.formatNational() ?? number;
  // A grouping that drops a digit would show a number that nobody called from.
  return shown.replaceAll('-', '') === number ? shown : number;
}
