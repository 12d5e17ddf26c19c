import fc from 'fast-check';
import { effectiveAt } from './ip-phone-hours.ts';

const at = (time: string): number => Date.parse(`2026-11-28T${time}+09:00`);
const DAY = 86_400_000;

/** V4's table: from when to when, and when it is in force; 24:30 is 0:30 of the next day. */
const ROWS: readonly [number, number, string][] = [
  [0, 1, '01:30'],
  [1, 2, '02:30'],
  [2, 17, '17:30'],
  [17, 18, '18:30'],
  [18, 19, '19:30'],
  [19, 20, '20:30'],
  [20, 21, '21:30'],
  [21, 22, '22:30'],
  [22, 23, '23:30'],
  [23, 24, '00:30'],
];
const hour = (of: number): string => `${String(of).padStart(2, '0')}:00:00`;

describe('effectiveAt', () => {
  it.each(ROWS)('V4 B2BUA from %d to %d o’clock: %s', (from, until, effective) => {
    const expected = at(effective) + (from === 23 ? DAY : 0);
    const last = (until === 24 ? at('00:00:00') + DAY : at(hour(until))) - 1;
    for (const time of [at(hour(from)), at(hour(from)) + 1, last - 1, last])
      expect(effectiveAt('b2bua', time)).toBe(expected);
    expect(effectiveAt('b2bua', last + 1)).not.toBe(expected);
  });

  it('V4 a change at 14:00 is in force at 17:30, as the source’s example says', () => {
    expect(effectiveAt('b2bua', at('14:00:00'))).toBe(at('17:30:00'));
  });

  it('V4 the day is Japan’s, whatever the date in UTC', () => {
    expect(effectiveAt('b2bua', Date.parse('2026-12-31T14:59:59.999Z'))).toBe(
      Date.parse('2026-12-31T15:30:00Z'),
    );
    expect(effectiveAt('b2bua', Date.parse('2026-12-31T15:00:00Z'))).toBe(Date.parse('2026-12-31T16:30:00Z'));
  });

  it('V4 IP phone within 15 minutes', () => {
    expect(effectiveAt('ip-phone', at('14:00:00'))).toBe(at('14:15:00'));
  });

  it('V4 is never in the past, and the same on every day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.nat(1_000), (time, days) => {
        const effective = effectiveAt('b2bua', time);
        expect(effective - time).toBeGreaterThan(0);
        expect(effective - time).toBeLessThanOrEqual(15.5 * 3_600_000);
        expect(effectiveAt('b2bua', time + days * DAY)).toBe(effective + days * DAY);
      }),
    );
  });
});
