const JAPAN_OFFSET_MS = 9 * 3_600_000;
const WEEKDAYS = ['日', '月', '火', '水', '木', '金', '土'] as const;
const WEEKDAYS_RFC = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS_RFC = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
] as const;

// Japan has had no daylight saving time since 1951, so a fixed offset is enough. Intl would cost more than the rest of a mail.
function inJapan(at: number): Date {
  return new Date(at + JAPAN_OFFSET_MS);
}

const two = (value: number): string => String(value).padStart(2, '0');

function clock(date: Date): string {
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** Formats Japan time as C10 does: `2026/11/21 10:00:00`. `at` is in epoch milliseconds. */
export function mailTime(at: number): string {
  const date = inJapan(at);
  return `${date.getUTCFullYear()}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())} ${clock(date)}`;
}

/** Formats Japan time for a glance at a phone: `11月21日（土）10:00`. `at` is in epoch milliseconds. */
export function japanMoment(at: number): string {
  const date = inJapan(at);
  const day = `${date.getUTCMonth() + 1}月${date.getUTCDate()}日（${WEEKDAYS[date.getUTCDay()] ?? ''}）`;
  return `${day}${date.getUTCHours()}:${two(date.getUTCMinutes())}`;
}

/** Formats a date for a header (RFC 5322 §3.3): `Sat, 21 Nov 2026 10:00:00 +0900`. `at` is in epoch milliseconds. */
export function rfc5322Date(at: number): string {
  const date = inJapan(at);
  const weekday = WEEKDAYS_RFC[date.getUTCDay()] ?? '';
  const month = MONTHS_RFC[date.getUTCMonth()] ?? '';
  return `${weekday}, ${two(date.getUTCDate())} ${month} ${date.getUTCFullYear()} ${clock(date)} +0900`;
}
