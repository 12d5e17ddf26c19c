const OFFSET_MS = 9 * 3_600_000;

/** Writes an instant (epoch milliseconds) as RFC 3339 in Japan time, to the second, as a switch does. */
export function japanTime(ms: number): string {
  return `${new Date(ms + OFFSET_MS).toISOString().slice(0, 19)}+09:00`;
}
