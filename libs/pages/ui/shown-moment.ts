const PARTS = {
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  hourCycle: 'h23',
} as const;
const MOMENT = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', ...PARTS });

/** A moment to the minute as people say it in Japan: epoch milliseconds → `11月28日 14:05`. */
export function shownMoment(at: number): string {
  return MOMENT.format(at);
}

/** From when to when: `11月28日 14:05から17:30まで`; the second day is named when it is another. */
export function shownSpan(from: number, until: number): string {
  const [[day, first], [lastDay, last]] = [shownMoment(from).split(' '), shownMoment(until).split(' ')];
  return `${day} ${first}から${day === lastDay ? last : `${lastDay} ${last}`}まで`;
}
