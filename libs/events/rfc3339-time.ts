const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
const SHORTEST_MONTH = 28;
/** Japan has no daylight saving time. */
const JAPAN_OFFSET_MS = 9 * 3_600_000;
const MINUTE_MS = 60_000;

/** Whether a text is a date and time with an offset (RFC 3339 §5.6); a leap second (§5.7) ends a month. */
export function isRfc3339(text: string): boolean {
  if (!DATE_TIME.test(text) || !dayExists(text)) return false;
  return !isLeapSecond(text) || isFirstSecondOfMonth(instantOf(text));
}

/**
 * A date and time for which `isRfc3339` holds as epoch milliseconds, cut off below the millisecond. A leap second is
 * the first second of the next month.
 */
export function instantOf(text: string): number {
  const upper = text.toUpperCase();
  return isLeapSecond(text)
    ? Date.parse(`${upper.slice(0, 17)}59${upper.slice(19)}`) + 1000
    : Date.parse(upper);
}

/** Reads a date and time with an offset as epoch milliseconds; `undefined` when it is none. */
export function parseRfc3339(text: string): number | undefined {
  return isRfc3339(text) ? instantOf(text) : undefined;
}

/** Formats an instant (epoch milliseconds) as RFC 3339 in Japan time, to the second unless it has milliseconds. */
export function japanTime(at: number): string {
  return `${inJapan(at)}+09:00`;
}

/** Formats an instant (epoch milliseconds) as RFC 3339 in Japan time, cut off below the second. */
export function japanTimeToTheSecond(at: number): string {
  return `${inJapan(at).slice(0, 19)}+09:00`;
}

/** The minute formatted last: most events of a batch are of the same one, and a `Date` costs twenty times as much. */
let minute = { at: NaN, text: '' };

function inJapan(at: number): string {
  const begun = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  if (begun !== minute.at)
    minute = { at: begun, text: new Date(begun + JAPAN_OFFSET_MS).toISOString().slice(0, 17) };
  const left = at - begun;
  const ms = left % 1_000;
  return `${minute.text}${digits((left - ms) / 1_000, 2)}${ms === 0 ? '' : `.${digits(ms, 3)}`}`;
}

function digits(count: number, length: number): string {
  return String(count).padStart(length, '0');
}

function isLeapSecond(text: string): boolean {
  return text.startsWith('60', 17);
}

/** `Date.parse` reads 30 February as 2 March. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= SHORTEST_MONTH || new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
}

function isFirstSecondOfMonth(ms: number): boolean {
  return new Date(ms).toISOString().slice(8, 19) === '01T00:00:00';
}
