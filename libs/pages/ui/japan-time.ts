const DAY = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  month: 'long',
  day: 'numeric',
  weekday: 'short',
});
const SECOND = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', timeStyle: 'medium' });
const TIME = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** A day in Japan: epoch milliseconds → `11月28日(土)`. */
export function shownDay(at: number): string {
  return DAY.format(at);
}

/** A time of day in Japan, to the minute: epoch milliseconds → `9:05`. */
export function shownTime(at: number): string {
  return TIME.format(at);
}

/** The same to the second, which tells two of one minute apart: epoch milliseconds → `9:05:07`. */
export function shownSecond(at: number): string {
  return SECOND.format(at);
}
