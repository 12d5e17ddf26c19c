import fc from 'fast-check';
import { japanTime, japanTimeToTheSecond, parseRfc3339 } from './rfc3339-time.ts';

describe('parseRfc3339', () => {
  it.each([
    ['2026-11-21T10:00:00+09:00', Date.UTC(2026, 10, 21, 1)],
    ['2026-11-21T01:00:00Z', Date.UTC(2026, 10, 21, 1)],
    ['2026-11-21t01:00:00z', Date.UTC(2026, 10, 21, 1)],
    ['2026-11-20T18:30:00-06:30', Date.UTC(2026, 10, 21, 1)],
    ['2026-11-21T01:00:00-00:00', Date.UTC(2026, 10, 21, 1)],
    ['2026-11-21T01:00:00.5Z', Date.UTC(2026, 10, 21, 1, 0, 0, 500)],
    ['2026-11-21T01:00:00.069999Z', Date.UTC(2026, 10, 21, 1, 0, 0, 69)],
    ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
    ['0099-12-31T00:00:00Z', Date.UTC(2099, 11, 31) - 5 * 146_097 * 86_400_000],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['2017-01-01T08:59:60.25+09:00', Date.UTC(2017, 0, 1, 0, 0, 0, 250)],
  ])('reads %s', (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms);
  });

  it.each([
    ['no offset', '2026-11-21T10:00:00'],
    ['a space for the T', '2026-11-21 10:00:00+09:00'],
    ['hour 24', '2026-11-21T24:00:00Z'],
    ['minute 60', '2026-11-21T10:60:00Z'],
    ['second 61', '2026-11-21T23:59:61Z'],
    ['a leap second inside a day', '2016-12-31T12:59:60Z'],
    ['a leap second inside a month', '2016-12-30T23:59:60Z'],
    ['30 February', '2028-02-30T00:00:00Z'],
    ['29 February of a common year', '2026-02-29T00:00:00Z'],
    ['31 November', '2026-11-31T00:00:00Z'],
    ['month 13', '2026-13-01T00:00:00Z'],
    ['month 0', '2026-00-01T00:00:00Z'],
    ['day 0', '2026-11-00T00:00:00Z'],
    ['offset without colon', '2026-11-21T10:00:00+0900'],
    ['offset of 24 hours', '2026-11-21T10:00:00+24:00'],
    ['a bare point', '2026-11-21T10:00:00.Z'],
    ['no seconds', '2026-11-21T10:00Z'],
    ['a date', '2026-11-21'],
    ['a year of five digits', '+12026-11-21T10:00:00Z'],
    ['something behind it', '2026-11-21T10:00:00Z\n'],
    ['full-width digits', '２026-11-21T10:00:00Z'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });

  it('reads back what any instant is written as, at any offset', () => {
    const offsets = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
    const instants = fc.date({
      min: new Date('0001-01-01'),
      max: new Date('9998-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, offsets, (instant, offset) => {
        const local = new Date(instant.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const size = Math.abs(offset);
        const clock = [Math.floor(size / 60), size % 60]
          .map((part) => String(part).padStart(2, '0'))
          .join(':');
        expect(parseRfc3339(`${local}${offset < 0 ? '-' : '+'}${clock}`)).toBe(instant.getTime());
      }),
    );
  });
});

describe('japanTime', () => {
  it.each([
    [Date.UTC(2026, 10, 20, 15), '2026-11-21T00:00:00+09:00', '2026-11-21T00:00:00+09:00'],
    [Date.UTC(2026, 10, 21, 1, 2, 3, 40), '2026-11-21T10:02:03.040+09:00', '2026-11-21T10:02:03+09:00'],
  ])('formats %i in Japan time, with milliseconds or cut off below the second', (at, whole, cut) => {
    expect(japanTime(at)).toBe(whole);
    expect(japanTimeToTheSecond(at)).toBe(cut);
  });

  it('is what a Date says nine hours later, whichever instants come one after another', () => {
    const near = fc.integer({ min: -100_000, max: 100_000 });
    const anywhere = fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(fc.array(fc.oneof(near, anywhere), { maxLength: 20 }), (instants) => {
        const expected = instants.map((at) => new Date(at + 9 * 3_600_000).toISOString());
        expect(instants.map((at) => japanTimeToTheSecond(at).slice(0, 19))).toEqual(
          expected.map((text) => text.slice(0, 19)),
        );
        expect(instants.map((at) => Date.parse(japanTime(at)))).toEqual(instants);
      }),
    );
  });
});
