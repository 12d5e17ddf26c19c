import fc from 'fast-check';
import { NO_ACCOUNT, NO_TRIES, type Tries } from './account.ts';
import { forgotten, isSpent, tried, triesOf, waitOf, withTries } from './tries.ts';

const HOUR = 3_600_000;
const WAITS = [1_000, 2_000, 5_000];

describe('waitOf and tried', () => {
  const after = (count: number, at = 0): Tries =>
    Array.from({ length: count }).reduce<Tries>((tries) => tried(tries, at), NO_TRIES);

  it.each([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 1_000],
    [4, 2_000],
    [5, 5_000],
    [6, 5_000],
    [60, 5_000],
  ])('A3 after %d tries in a row the next waits %d ms', (count, wait) => {
    expect(waitOf(after(count, 1_000), WAITS, 1_000)).toBe(wait);
  });

  it.each([
    [0, 5_000],
    [4_999, 1],
    [5_000, 0],
    [5_001, 0],
  ])('A3 %d ms later it waits %d ms', (later, wait) => {
    expect(waitOf(after(6, 1_000), WAITS, 1_000 + later)).toBe(wait);
  });

  it('A3 LOGIN_WAITS none: nobody waits', () => {
    expect(waitOf(after(60), [], 0)).toBe(0);
    expect(waitOf(after(60), [0], 0)).toBe(0);
  });

  it('A3 after an hour without a try the waits begin anew, the count towards the end does not', () => {
    const tries = after(9);
    expect(waitOf(tries, [2 * HOUR], HOUR)).toBeGreaterThan(0);
    expect(waitOf(tries, [2 * HOUR], HOUR + 1)).toBe(0);
    expect(tried(tries, HOUR + 1)).toEqual({ wrong: 10, streak: 1, lastAt: HOUR + 1 });
    expect(isSpent(tried(tries, HOUR + 1), 'password')).toBe(true);
  });

  it('A3 never waits longer than the longest wait, never less than nothing, and less as time passes', () => {
    const times = fc.array(fc.nat(2 * HOUR), { maxLength: 20 });
    fc.assert(
      fc.property(times, fc.array(fc.nat(60_000), { maxLength: 6 }), fc.nat(60_000), (gaps, waits, later) => {
        let now = 0;
        const tries = gaps.reduce((before, gap) => tried(before, (now += gap)), NO_TRIES);
        const wait = waitOf(tries, waits, now);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.max(0, ...waits));
        expect(waitOf(tries, waits, now + later)).toBe(Math.max(0, wait - later));
        expect(waitOf(tries, waits, now + wait)).toBe(0);
        expect(tries.wrong).toBe(gaps.length);
      }),
    );
  });
});

describe('isSpent', () => {
  it.each([
    ['password', 9, false],
    ['password', 10, true],
    ['password', 50, true],
    ['temporary', 2, false],
    ['temporary', 3, true],
  ] as const)('A3 a %s after %d wrong ones: %s', (kind, wrong, expected) => {
    expect(isSpent({ ...NO_TRIES, wrong }, kind)).toBe(expected);
  });
});

describe('the tries of browsers', () => {
  const some = { wrong: 4, streak: 4, lastAt: 9 };
  const account = {
    ...NO_ACCOUNT,
    others: { wrong: 1, streak: 1, lastAt: 1 },
    browsers: [{ hash: 'known', lastLoginAt: 7, wrong: 2, streak: 2, lastAt: 2 }],
  };

  it.each([
    ['known', 2],
    ['another', 1],
    [undefined, 1],
  ])('A3 those of %s are its own when it is known, else those of all others', (browser, wrong) => {
    expect(triesOf(account, browser)).toMatchObject({ wrong });
    const after = withTries(account, browser, some);
    expect(triesOf(after, browser)).toMatchObject(some);
    expect(triesOf(after, browser === 'known' ? undefined : 'known')).toEqual(
      triesOf(account, browser === 'known' ? undefined : 'known'),
    );
    expect(after.browsers).toMatchObject([{ hash: 'known', lastLoginAt: 7 }]);
  });

  it('A3 all begin anew together, and who is known stays known', () => {
    expect(forgotten(account)).toMatchObject({
      others: NO_TRIES,
      browsers: [{ hash: 'known', lastLoginAt: 7, ...NO_TRIES }],
    });
  });
});
