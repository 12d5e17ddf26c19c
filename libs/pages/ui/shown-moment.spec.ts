import { shownMoment, shownSpan } from './shown-moment.ts';

const at = (time: string): number => Date.parse(`${time}+09:00`);

it.each([
  ['2026-11-28T14:05:59', '11月28日 14:05'],
  ['2026-11-28T00:00:00', '11月28日 0:00'],
  ['2026-01-01T09:30:00', '1月1日 9:30'],
])('V4 %s in Japan is said as %s', (time, shown) => {
  expect(shownMoment(at(time))).toBe(shown);
});

it('V4 a span names its second day only when that is another', () => {
  const from = at('2026-11-28T23:10:00');
  expect(shownSpan(at('2026-11-28T14:00:00'), at('2026-11-28T17:30:00'))).toBe('11月28日 14:00から17:30まで');
  expect(shownSpan(from, at('2026-11-29T00:30:00'))).toBe('11月28日 23:10から11月29日 0:30まで');
});
