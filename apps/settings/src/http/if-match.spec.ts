import { parseIfMatch } from './if-match.ts';

describe('If-Match', () => {
  it.each([
    ['"a"', ['a']],
    ['"a", "b,c" ,"d"', ['a', 'b,c', 'd']],
    ['*', ['*']],
    [' * ', ['*']],
    ['""', ['']],
    ['W/"a"', []],
    ['W/"a", "b"', ['b']],
    ['a', []],
    ['"a', []],
    ['', []],
    ['"*", "a"', ['a']],
  ])('%s allows %j', (header, versions) => expect(parseIfMatch(header)).toEqual(versions));

  it('is no condition when it is not there', () => expect(parseIfMatch(undefined)).toBeUndefined());
});
