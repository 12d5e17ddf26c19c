import fc from 'fast-check';
import { isLike, searchNumbers } from './search-numbers.ts';

const NUMBERS = ['0312345678', '0312345679', '0453334444', '05012345678'];

/** The same, character by character. */
function isLikeSlowly(pattern: string, number: string): boolean {
  if (pattern === '') return number === '';
  if (pattern.startsWith('*'))
    return (
      isLikeSlowly(pattern.slice(1), number) || (number !== '' && isLikeSlowly(pattern, number.slice(1)))
    );
  return number.startsWith(pattern.charAt(0)) && isLikeSlowly(pattern.slice(1), number.slice(1));
}

describe('C14 a search of numbers', () => {
  it.each([
    ['', NUMBERS],
    ['*', NUMBERS],
    ['2345', ['0312345678', '0312345679', '05012345678']],
    ['678', ['0312345678', '05012345678']],
    ['03*', ['0312345678', '0312345679']],
    ['*4', ['0453334444']],
    ['0*8', ['0312345678', '05012345678']],
    ['03*5*79', ['0312345679']],
    // Like the whole of none: a part.
    ['12*78', ['0312345678', '05012345678']],
    ['03-1234', ['0312345678', '0312345679']],
    ['０３－１２３４－５６７９', ['0312345679']],
    ['０３＊７９', ['0312345679']],
    [' 045 333 ', ['0453334444']],
    ['99', []],
    ['9*9*9', []],
    ['abc', []],
    ['.', []],
  ])('%s', (typed, found) => expect(searchNumbers(NUMBERS, typed)).toEqual(found));

  it('takes * for any digits, as a slow reading of the pattern does', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '2'), maxLength: 11 });
    const pattern = fc.string({ unit: fc.constantFrom('0', '1', '2', '*'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, digits, (like, number) => {
        expect(isLike(like)(number)).toBe(isLikeSlowly(like, number));
      }),
      { numRuns: 2000 },
    );
  });

  it('finds a number by every part of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NUMBERS), fc.nat(10), fc.nat(11), (number, from, length) => {
        expect(searchNumbers(NUMBERS, number.slice(from, from + length))).toContain(number);
      }),
    );
  });

  it('takes no time for a pattern of many *', () => {
    const pattern = '*1'.repeat(8_000);
    const begun = performance.now();
    expect(searchNumbers(Array<string>(1000).fill('1'.repeat(11)), pattern)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
