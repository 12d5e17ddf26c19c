import fc from 'fast-check';
import { addressKey, parseAddress } from './address.ts';

const LONGEST_LOCAL = 'a'.repeat(63);
const LABEL = 'b'.repeat(63);

describe('parseAddress', () => {
  it.each([
    'a@example.jp',
    'A.Z-0_9@Sub-Domain.example.JP',
    `!$%'*+/?^#._-@example.jp`,
    'a@1.2',
    '-@example.jp',
    `${LONGEST_LOCAL}@example.jp`,
    `a@${LABEL}.jp`,
    `a@${LABEL}.${LABEL}.${LABEL}.${'c'.repeat(60)}`,
  ])('C13 accepts %s as it is', (text) => {
    expect(parseAddress(text)).toEqual({ ok: true, address: text });
  });

  it.each([
    ['', 'address-empty', undefined],
    ['example.jp', 'address-no-at', undefined],
    ['@example.jp', 'address-starts-with-at', 0],
    ['@', 'address-starts-with-at', 0],
    ['a@b@example.jp', 'address-two-ats', 3],
    ['a@', 'address-end', 1],
    ['a@example.jp.', 'address-end', 12],
    ['a b@example.jp', 'address-character', 1],
    ['a@example.jp ', 'address-character', 12],
    ['a@example.jp\r\nBcc: b@example.jp', 'address-character', 12],
    ['a@example.jp\n', 'address-character', 12],
    ['a@example.jp,b@example.jp', 'address-character', 12],
    ['<a@example.jp>', 'address-character', 0],
    ['"a"@example.jp', 'address-character', 0],
    ['a&b@example.jp', 'address-character', 1],
    ['a=b@example.jp', 'address-character', 1],
    ['a~@example.jp', 'address-character', 1],
    ['a{b}|`c@example.jp', 'address-character', 1],
    ['a@[127.0.0.1]', 'address-character', 2],
    ['日本@example.jp', 'address-character', 0],
    ['ａ@example.jp', 'address-character', 0],
    ['a＠example.jp', 'address-character', 1],
    ['a\u0000@example.jp', 'address-character', 1],
    ['a@example', 'domain-no-dot', 2],
    ['a@example..jp', 'domain-label', 10],
    ['a@.example.jp', 'domain-label', 2],
    ['a@-example.jp', 'domain-label', 2],
    ['a@example-.jp', 'domain-label', 2],
    ['a@exa_mple.jp', 'domain-label', 2],
    ['a@example.j+p', 'domain-label', 10],
    [`a@${LABEL}b.jp`, 'domain-label-length', 2],
    [`a@${LABEL}.${LABEL}.${LABEL}.${'c'.repeat(61)}`, 'address-length', undefined],
    [`aa@${LABEL}.${LABEL}.${LABEL}.${'c'.repeat(60)}`, 'address-length', undefined],
  ])('C13 refuses %j: %s', (text, code, index) => {
    const parsed = parseAddress(text);
    expect(parsed).toMatchObject({ ok: false, problems: [{ code }] });
    expect(parsed.ok ? undefined : parsed.problems[0]?.index).toBe(index);
  });

  it('C13 refuses a domain of more than 253 octets', () => {
    const domain = `${LABEL}.${LABEL}.${LABEL}.${'c'.repeat(62)}`;
    const parsed = parseAddress(`a@${domain}`);
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ code: 'domain-length' }, { code: 'address-length' }],
    });
  });

  it.each([
    ['abc..def@ntt-east.jp', 'local-two-dots', 3],
    ['abcdef.@ntt-east.jp', 'local-dot-last', 6],
    ['.abcdef@ntt-east.jp', 'local-dot-first', 0],
    [`${LONGEST_LOCAL}a@ntt-east.jp`, 'local-length', 63],
  ])('C13 takes %s only for an address of earlier years: %s', (text, code, index) => {
    expect(parseAddress(text)).toMatchObject({ ok: true, address: text, legacy: [{ code, index }] });
  });

  it('C13 names everything that makes an address one of earlier years', () => {
    const parsed = parseAddress('.a..b.@docomo.ne.jp');
    expect(parsed.ok && parsed.legacy?.map(({ code }) => code)).toEqual([
      'local-dot-first',
      'local-dot-last',
      'local-two-dots',
    ]);
  });

  it('C13 does not forgive a wrong domain because the rest is of earlier years', () => {
    expect(parseAddress('a..b@docomo')).toMatchObject({ ok: false, problems: [{ code: 'domain-no-dot' }] });
  });

  it('C13 shows an invisible character by its code point', () => {
    expect(parseAddress('a\r@example.jp')).toMatchObject({
      problems: [{ message: expect.stringContaining('got U+000D at position 2') }],
    });
  });

  const alphabet = [
    ...`aZ09-@_.!$%'*+/?^#`.split(''),
    '.',
    '@',
    'b.jp',
    '@x.jp',
    ' ',
    ',',
    '\r',
    '\n',
    '<',
    '"',
    'é',
    '😀',
    '\ud800',
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...alphabet), { maxLength: 14 }).map((parts) => parts.join('')),
    fc.emailAddress(),
    fc.string({ unit: 'binary' }),
  );

  it('C13 never accepts what could end or add a command, a header or a recipient', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseAddress(text);
        if (!parsed.ok) return;
        expect(parsed.address).toBe(text);
        expect(text).toMatch(/^[0-9A-Za-z\-_.!$%'*+/?^#]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+$/);
        expect(text.length).toBeLessThanOrEqual(254);
      }),
      { numRuns: 2000 },
    );
  });

  it('C13 always names what is wrong, at a place that is there', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseAddress(text);
        const problems = parsed.ok ? parsed.legacy : parsed.problems;
        expect(problems).not.toEqual([]);
        for (const { index, message } of problems ?? []) {
          expect(message).not.toMatch(/\p{Cc}/u);
          expect(index ?? 0).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('addressKey', () => {
  it('C2 tells the same domain in capitals, and different boxes by their capitals', () => {
    expect(addressKey('a@EXAMPLE.jp')).toBe(addressKey('a@example.JP'));
    expect(addressKey('A@example.jp')).not.toBe(addressKey('a@example.jp'));
  });
});
