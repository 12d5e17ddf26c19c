import { parseIfMatch, parseIfNoneMatch } from './preconditions.ts';

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

describe('If-None-Match', () => {
  it.each([
    ['"a"', ['a']],
    ['W/"a"', ['a']],
    ['"a", W/"b,c" ,"d"', ['a', 'b,c', 'd']],
    [', "a",, "b" ,', ['a', 'b']],
    ['*', ['*']],
    [' * ', ['*']],
    ['""', ['']],
    ['"*"', []],
    ['"a", *', ['*']],
    ['a', ['*']],
    ['w/"a"', ['*']],
    ['"a', ['*']],
    ['', ['*']],
  ])('%s refuses %j', (header, versions) => expect(parseIfNoneMatch(header)).toEqual(versions));

  it('is no condition when it is not there', () => expect(parseIfNoneMatch(undefined)).toBeUndefined());

  it('is read in a time that grows with its length', () => {
    expect(parseIfNoneMatch(`${', '.repeat(8_000)}"a`)).toEqual(['*']);
  });
});
