import { bearerTokens } from './bearer-tokens.ts';

const authenticate = bearerTokens([
  { name: 'site', token: 'abc:def' },
  { name: 'other', token: 'xyz' },
]);

describe('bearer tokens', () => {
  it.each([
    ['Bearer abc:def', 'site'],
    ['bearer xyz', 'other'],
    ['Bearer  xyz ', 'other'],
    ['Bearer abc', undefined],
    ['Bearer', undefined],
    ['Basic xyz', undefined],
    ['xyz', undefined],
    [undefined, undefined],
  ])('%s is %s', (header, name) => expect(authenticate(header)).toBe(name));
});
