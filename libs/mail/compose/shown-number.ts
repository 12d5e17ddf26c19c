import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A caller from abroad is stored in E.164 with a leading `+`. */
export function isForeign(number: string): boolean {
  return number.startsWith('+');
}

/** 050, 070, 080 and 090, which are most numbers, are grouped alike; 0800 is another service. */
const PERSONAL = /^0[5789]0[1-9]\d{7}$/;

/** Parsing a number costs a tenth of a mail, and subscribers' own numbers come again and again. */
const known = new Map<string, string>();
const MOST_KNOWN = 10_000;

/** `090-1234-5678`: a number as people read it; from abroad, or where no grouping is known, as it is. */
export function shownNumber(number: string): string {
  if (isForeign(number)) return number;
  if (PERSONAL.test(number)) return `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`;
  const before = known.get(number);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const shown = group(number);
  known.set(number, shown);
  return shown;
}

function group(number: string): string {
  const shown = parsePhoneNumberFromString(number, 'JP')?.formatNational() ?? number;
  // A grouping that loses a digit would show a number that nobody rang from.
  return shown.replaceAll('-', '') === number ? shown : number;
}
