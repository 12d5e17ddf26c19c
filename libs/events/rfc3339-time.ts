const DATE_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;
const SHORTEST_MONTH = 28;

/**
 * Reads a date and time with an offset (RFC 3339 §5.6) as epoch milliseconds, cut off below the millisecond;
 * `undefined` when it is none. A leap second (§5.7) is the first second of the next month.
 */
export function parseRfc3339(text: string): number | undefined {
  if (!DATE_TIME.test(text) || !dayExists(text)) return undefined;
  const upper = text.toUpperCase();
  if (upper.slice(17, 19) !== '60') return Date.parse(upper);
  const ms = Date.parse(`${upper.slice(0, 17)}59${upper.slice(19)}`) + 1000;
  return isFirstSecondOfMonth(ms) ? ms : undefined;
}

/** `Date.parse` reads 30 February as 2 March. */
function dayExists(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= SHORTEST_MONTH || new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
}

function isFirstSecondOfMonth(ms: number): boolean {
  return new Date(ms).toISOString().slice(8, 19) === '01T00:00:00';
}
