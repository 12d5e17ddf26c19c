const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const MINUTE_MS = 60_000;
/** 400 Gregorian years are always as many days: `Date.UTC` would take the years 0 to 99 for 1900 to 1999. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 86_400_000;

/**
 * Reads a date and time with an offset (RFC 3339 §5.6) as epoch milliseconds, cut off below the millisecond;
 * `undefined` when it is none. A leap second (§5.7) is the first instant of the next minute.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Sextuple;
  const offset = offsetMinutes(match);
  if (offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  const midnight = Date.UTC(year + CYCLE_YEARS, month - 1, day) - CYCLE_MS;
  if (month < 1 || month > 12 || day < 1 || new Date(midnight).getUTCDate() !== day) return undefined;
  const seconds = midnight + ((hour * 60 + minute) * 60 + second) * 1000 - offset * MINUTE_MS;
  if (second === 60 && !isFirstOfMonth(seconds)) return undefined;
  return seconds + milliseconds(match[7]);
}

type Sextuple = [number, number, number, number, number, number];

function offsetMinutes(match: RegExpExecArray): number | undefined {
  if (match[8] === undefined) return 0;
  const hours = Number(match[9]);
  const minutes = Number(match[10]);
  if (hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (match[8] === '-' ? -1 : 1);
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(1, 4).padEnd(3, '0'));
}

function isFirstOfMonth(ms: number): boolean {
  const date = new Date(ms);
  return date.getUTCDate() === 1 && ms % 86_400_000 === 0;
}
