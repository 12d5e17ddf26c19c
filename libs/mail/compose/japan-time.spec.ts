import fc from 'fast-check';
import { japanMoment, mailTime, rfc5322Date } from './japan-time.ts';

const TEN = Date.parse('2026-11-21T10:00:00+09:00');

describe('times are Japan time (C10)', () => {
  it('whatever the time zone of the process', () => {
    expect(mailTime(TEN)).toBe('2026/11/21 10:00:00');
    expect(japanMoment(TEN)).toBe('11月21日（土）10:00');
    expect(rfc5322Date(TEN)).toBe('Sat, 21 Nov 2026 10:00:00 +0900');
    expect(mailTime(Date.parse('2026-12-31T15:00:01Z'))).toBe('2027/01/01 00:00:01');
    expect(japanMoment(Date.parse('2026-12-31T15:05:01Z'))).toBe('1月1日（金）0:05');
  });

  it('agree with Intl', () => {
    const intl = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Asia/Tokyo',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) }), (at) => {
        expect(mailTime(at)).toBe(intl.format(at).replaceAll('-', '/'));
        expect(Date.parse(rfc5322Date(at))).toBe(Math.floor(at / 1000) * 1000);
      }),
    );
  });
});
