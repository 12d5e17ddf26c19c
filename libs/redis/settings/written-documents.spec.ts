import fc from 'fast-check';
import { EMPTY_CALL_NOTICE } from '#rules';
import { lineText, newNumber, numberText, parseLine, parseNumber } from './documents.ts';
import { lineAfter } from './line-after.ts';
import { someWrittenLine, someWrittenNumber } from '../testing/some-documents.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const line = { lineNumber: LINE, brand: 'ntt-east', contractor: '', numbers: [LINE, NUMBER] };

describe('a written document', () => {
  it('of a number is read back as it was, whatever is set, and what a newer program has added too', () => {
    fc.assert(
      fc.property(someWrittenNumber, ({ document, text }) => {
        expect(parseNumber(text, NUMBER)).toEqual(document);
        expect(parseNumber(JSON.stringify(document), NUMBER)).toEqual(document);
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a line is read back as it was, whatever is set, and what a newer program has added too', () => {
    fc.assert(
      fc.property(someWrittenLine, ({ document, text }) => {
        expect(parseLine(text, LINE)).toEqual(document);
        expect(parseLine(JSON.stringify(document), LINE)).toEqual(document);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has the same text as before when it is read and written again', () => {
    fc.assert(
      fc.property(someWrittenNumber, ({ text }) => {
        expect(numberText(parseNumber(text, NUMBER)).length).toBe(text.length);
      }),
    );
  });

  it('leaves out what is off and empty', () => {
    const document = newNumber(NUMBER, line);
    const { settings, versions } = document;
    const named = { number: NUMBER, lineNumber: LINE, brand: 'ntt-east' };
    expect(JSON.parse(numberText(document))).toEqual({ settings: named, versions });
    const recipients = [{ address: 'taro@example.jp', enabled: true }];
    const callNotice = { ...EMPTY_CALL_NOTICE, enabled: true, recipients };
    expect(JSON.parse(numberText({ ...document, settings: { ...settings, callNotice } }))).toEqual({
      settings: { ...named, callNotice: { enabled: true, recipients } },
      versions,
    });
    const { contractor: _contractor, ...rest } = line;
    expect(JSON.parse(lineText(lineAfter(line, undefined)))).toMatchObject({ settings: rest });
  });
});
