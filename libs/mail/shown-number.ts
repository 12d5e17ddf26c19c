import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** A caller from abroad is stored in E.164 with a leading `+`. */
export function isForeign(number: string): boolean {
  return number.startsWith('+');
}

/** `090-1234-5678`: a number as people read it; from abroad, or where no grouping is known, as it is. */
export function shownNumber(number: string): string {
  if (isForeign(number)) return number;
  const shown = parsePhoneNumberFromString(number, 'JP')?.formatNational() ?? number;
  // A grouping that loses a digit would show a number that nobody rang from.
  return shown.replaceAll('-', '') === number ? shown : number;
}
