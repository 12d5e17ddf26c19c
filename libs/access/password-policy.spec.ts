import fc from 'fast-check';
import { dictionary } from '@zxcvbn-ts/language-common';
import {
  containsNumber,
  daysLeft,
  DEFAULT_PASSWORD_POLICY as POLICY,
  expiryOf,
  hasFullWidth,
  passwordProblem,
} from './password-policy.ts';

const NUMBER = '0312345678';
const DAY = 86_400_000;

describe('passwordProblem', () => {
  it.each(['sakura77', 'sakura77SAKU', 'qzxkvwjy', '1234567x'])('A5 accepts %s', (password) => {
    expect(passwordProblem(password, NUMBER, POLICY)).toBeUndefined();
  });

  it.each([
    ['', 'empty'],
    ['ｓakura77', 'full-width'],
    ['さくら77sak', 'full-width'],
    ['sakura 77', 'characters'],
    ['sakura-77', 'characters'],
    ['sakura77\n', 'characters'],
    ['sakura7é', 'characters'],
    ['sakura7', 'length'],
    ['sakura77sakur', 'length'],
    ['20485163', 'only-digits'],
    ['password1', 'well-known'],
    ['PassWord1', 'well-known'],
    ['0312345678a', 'contains-number'],
    ['a312345678', 'contains-number'],
  ])('A5 refuses %j: %s', (password, problem) => {
    expect(passwordProblem(password, NUMBER, POLICY)).toBe(problem);
  });

  it('A5 a brand may ask for letters and digits, for other lengths, or for less', () => {
    expect(passwordProblem('qzxkvwjy', NUMBER, { ...POLICY, notOnly: ['letters'] })).toBe('only-letters');
    expect(passwordProblem('20485163', NUMBER, { ...POLICY, notOnly: [] })).toBeUndefined();
    expect(passwordProblem('sakura77', NUMBER, { ...POLICY, minLength: 9 })).toBe('length');
    expect(passwordProblem('sakura77sakura77', NUMBER, { ...POLICY, maxLength: 64 })).toBeUndefined();
  });

  const characters = fc.constantFrom(...'0123456789ABCXYZabcxyz'.split(''), 'ａ', 'é', '-');
  const texts = fc.oneof(
    fc.string({ unit: characters, maxLength: 14 }),
    fc.constantFrom(...dictionary['passwords-common']),
    fc
      .tuple(fc.string({ unit: characters, maxLength: 2 }), fc.constantFrom(NUMBER, NUMBER.slice(1)))
      .map((parts) => parts.join('')),
  );

  it('A5 accepts 8 to 12 ASCII letters and digits, not digits only, not well known, without the number; nothing else', () => {
    const wellKnown = new Set(dictionary['passwords-common']);
    fc.assert(
      fc.property(texts, (password) => {
        const isGood =
          /^[0-9A-Za-z]{8,12}$/.test(password) &&
          /[A-Za-z]/.test(password) &&
          !wellKnown.has(password.toLowerCase()) &&
          !password.includes(NUMBER.slice(1));
        expect(passwordProblem(password, NUMBER, POLICY) === undefined).toBe(isGood);
      }),
      { numRuns: 3_000 },
    );
  });

  it('A5 the well-known passwords are written small, or a capital would hide one', () => {
    expect(dictionary['passwords-common'].filter((one) => one !== one.toLowerCase())).toEqual([]);
  });
});

describe('hasFullWidth', () => {
  it.each([
    ['ａ', true],
    ['１', true],
    ['　', true],
    ['ア', true],
    ['ｱ', true],
    ['a1-é', false],
    ['', false],
  ])('A5 %j: %s', (text, expected) => {
    expect(hasFullWidth(text)).toBe(expected);
  });
});

describe('containsNumber', () => {
  it.each([
    ['x0312345678', NUMBER, true],
    ['312345678', NUMBER, true],
    ['12345678', NUMBER, false],
    ['anything', '', false],
    ['anything', '0', false],
  ])('A5 %s contains %s: %s', (text, number, expected) => {
    expect(containsNumber(text, number)).toBe(expected);
  });
});

describe('expiryOf and daysLeft', () => {
  it('A5 expires 60 days after its change; 0 days: never', () => {
    expect(expiryOf(1_000, POLICY)).toBe(1_000 + 60 * DAY);
    expect(expiryOf(1_000, { ...POLICY, days: 0 })).toBeUndefined();
    expect(daysLeft(0, { ...POLICY, days: 0 }, 1_000 * DAY)).toBeUndefined();
  });

  it.each([
    [46 * DAY - 1, undefined],
    [46 * DAY, 14],
    [46 * DAY + 1, 14],
    [47 * DAY, 13],
    [59 * DAY, 1],
    [60 * DAY - 1, 1],
    [60 * DAY, undefined],
  ])('A5 is announced from 14 days before: after %d ms %s are left', (age, days) => {
    expect(daysLeft(5_000, POLICY, 5_000 + age)).toBe(days);
  });
});
