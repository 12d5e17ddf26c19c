import fc from 'fast-check';
import { parseCallerNumber, parseSubscriberNumber } from './telephone-number.ts';

describe('parseSubscriberNumber', () => {
  it.each([
    ['0312345678', '0312345678'],
    ['05012345678', '05012345678'],
    ['03-1234-5678', '0312345678'],
    ['０３－１２３４－５６７８', '0312345678'],
    ['03ー1234ー5678', '0312345678'],
    ['03ｰ1234‐5678', '0312345678'],
    ['03‑1234–5678', '0312345678'],
    ['03—1234―5678', '0312345678'],
    ['03−1234﹣5678', '0312345678'],
    [' 03 1234\u30005678 ', '0312345678'],
    ['+81 3-1234-5678', '0312345678'],
    ['＋８１ ５０ １２３４ ５６７８', '05012345678'],
  ])('C4 reads %j as %s', (text, number) => {
    expect(parseSubscriberNumber(text)).toEqual({ ok: true, number });
  });

  it.each([
    ['', 'number-empty'],
    ['-', 'number-empty'],
    ['031234567', 'number-length'],
    ['031234567890', 'number-length'],
    ['1312345678', 'number-start'],
    ['+14155550100', 'number-start'],
    ['+8131234567', 'number-length'],
    ['+81 03-1234-5678', 'number-trunk-zero'],
    ['+', 'number-start'],
    ['0312345678x', 'number-character'],
    ['03(1234)5678', 'number-character'],
    ['03123+45678', 'number-character'],
    ['٠٣١٢٣٤٥٦٧٨', 'number-character'],
    ['03123*5678', 'number-character'],
    ['0312345678\u0000', 'number-character'],
  ])('C4 refuses %j: %s', (text, code) => {
    const parsed = parseSubscriberNumber(text);
    expect(parsed.ok ? [] : parsed.problems[0]?.code).toBe(code);
  });

  it('C4 says where each wrong character stands', () => {
    const parsed = parseSubscriberNumber('😀03(1234');
    expect(parsed).toEqual({
      ok: false,
      problems: [
        {
          code: 'number-character',
          index: 0,
          message: 'expected digits and hyphens, got U+1F600 at position 1',
        },
        { code: 'number-character', index: 4, message: 'expected digits and hyphens, got "(" at position 5' },
      ],
    });
  });
});

describe('parseCallerNumber', () => {
  it.each([
    ['090-1234-5678', '09012345678'],
    ['+1 415 555 0100', '+14155550100'],
    ['＋１－４１５－５５５－０１００', '+14155550100'],
    ['+81 90-1234-5678', '09012345678'],
    ['+81 090-1234-5678', '09012345678'],
    ['819012345678', '09012345678'],
    ['00819012345678', '09012345678'],
    ['0108190-1234-5678', '09012345678'],
    ['+6834000', '+6834000'],
    ['+123456789012345', '+123456789012345'],
  ])('C4 C8 reads %j as %s', (text, number) => {
    expect(parseCallerNumber(text)).toEqual({ ok: true, number });
  });

  it.each([
    ['+1234567890123456', 'number-international'],
    ['+123456', 'number-international'],
    ['+0123456789', 'number-international'],
    ['++14155550100', 'number-character'],
    ['14155550100', 'number-start'],
    ['01014155550100', 'number-length'],
  ])('C4 C8 refuses %j: %s', (text, code) => {
    const parsed = parseCallerNumber(text);
    expect(parsed.ok ? undefined : parsed.problems[0]?.code).toBe(code);
  });
});

describe('parsing any text', () => {
  const parts = [
    ...'0123456789０１２３４５６７８９+＋-ー−– \u3000'.split(''),
    '+81',
    '03',
    '090',
    '1234',
    '(',
    'x',
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...parts), { maxLength: 16 }).map((some) => some.join('')),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^0\d{9,10}$/),
  );

  it('C4 gives digits only, and reading them again changes nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const parse of [parseSubscriberNumber, parseCallerNumber]) {
          const parsed = parse(text);
          if (!parsed.ok) continue;
          expect(parsed.number).toMatch(/^(0\d{9,10}|\+[1-9]\d{6,14})$/);
          expect(parsed.number).not.toMatch(/^\+81/);
          expect(parse(parsed.number)).toEqual(parsed);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('C4 does not mind hyphens, spaces and wide digits wherever they stand', () => {
    const wide = (digit: string) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0);
    fc.assert(
      fc.property(
        fc.stringMatching(/^0\d{9,10}$/),
        fc.infiniteStream(fc.constantFrom('', '-', 'ー', '　')),
        fc.boolean(),
        (number, gaps, widen) => {
          const written = Array.from(number)
            .map((digit) => (widen ? wide(digit) : digit) + String(gaps.next().value))
            .join('');
          expect(parseSubscriberNumber(written)).toEqual({ ok: true, number });
        },
      ),
    );
  });
});
