import fc from 'fast-check';
import { maxBase64Size, FixedText, writeBase64Lines, type Body } from './base64-lines.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '電', '𠮷', '\uD842', '\r\n') }),
  fc.nat(400).map((length) => 'x'.repeat(length)),
);
const body: fc.Arbitrary<Body> = fc.array(
  fc.oneof(
    text,
    text.map((fixed) => new FixedText(fixed)),
    fc
      .integer({ min: 110, max: 9_000 })
      .map((length) => new FixedText('電話'.repeat(length).slice(0, length))),
  ),
  { maxLength: 12 },
);

const octetsOf = (parts: Body): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'string' ? part : part.text, 'utf8')));

function lines(parts: Body, before = 0): string {
  const target = Buffer.alloc(before + maxBase64Size(parts), '!');
  const end = writeBase64Lines(target, before, parts);
  expect(end).toBeLessThanOrEqual(target.length);
  expect(target.toString('latin1', 0, before)).toBe('!'.repeat(before));
  expect(target.toString('latin1', end)).toBe('!'.repeat(target.length - end));
  return target.toString('latin1', before, end);
}

describe('base64 in lines', () => {
  it('equals the base64 of Buffer, broken into lines of at most 76 characters', () => {
    fc.assert(
      fc.property(body, fc.nat(100), (parts, before) => {
        const written = lines(parts, before);
        expect(written.replaceAll('\r\n', '')).toBe(octetsOf(parts).toString('base64'));
        const shown = written.split('\r\n');
        expect(shown.pop()).toBe('');
        expect(shown.every((line) => line.length > 0 && line.length <= 76)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('fills its lines unless a fixed text starts a new one', () => {
    const octets = 'x'.repeat(57 * 3 + 1);
    expect(
      lines([octets])
        .split('\r\n')
        .map((line) => line.length),
    ).toEqual([76, 76, 76, 4, 0]);
    expect(lines([])).toBe('');
    expect(lines([''])).toBe('');
  });

  it('adds at most one line break for each long fixed text', () => {
    const fixed = new FixedText('y'.repeat(570));
    expect(lines(['x', fixed, 'x', fixed, 'x']).split('\r\n').length).toBeLessThanOrEqual(20 + 3 + 3);
  });
});
