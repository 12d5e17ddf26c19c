import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { isForeign, shownNumber } from './shown-number.ts';

describe('numbers as people read them', () => {
  it.each([
    ['09012345678', '090-1234-5678'],
    ['0312345679', '03-1234-5679'],
    ['0422212345', '0422-21-2345'],
    ['0499212345', '04992-1-2345'],
    ['05012345678', '050-1234-5678'],
    ['0120123456', '0120-123-456'],
    ['08001234567', '0800-123-4567'],
    ['0570123456', '0570-123-456'],
    ['+14155550100', '+1-415-555-0100'],
    ['+442079460123', '+44-20-7946-0123'],
    ['+999123456789', '+999123456789'],
    ['110', '110'],
    ['00000000000', '00000000000'],
    ['', ''],
  ])('%s is shown as %s', (number, shown) => {
    expect(shownNumber(number)).toBe(shown);
  });

  it('never lose, add or move a digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(0\d{8,10}|\+[1-9]\d{5,14})$/), (number) => {
        expect(shownNumber(number)).toMatch(number.startsWith('+') ? /^\+[\d-]+$/ : /^[\d-]+$/);
        expect(shownNumber(number).replaceAll('-', '')).toBe(number);
      }),
    );
  });

  it('are cached separately, however many there are', () => {
    for (let index = 0; index < 10_050; index += 1) {
      const end = String(index).padStart(8, '0');
      expect(shownNumber(`03${end}`)).toBe(`03-${end.slice(0, 4)}-${end.slice(4)}`);
    }
    expect(shownNumber('0300000001')).toBe('03-0000-0001');
  });

  it('are grouped without the library as the library would do it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^0[5789]0[1-9]\d{7}$/), (number) => {
        expect(shownNumber(number)).toBe(parsePhoneNumberFromString(number, 'JP')?.formatNational());
      }),
    );
  });

  it('are grouped by their leading digits as the library would do it for each', () => {
    const library = (number: string): string => {
      const shown = parsePhoneNumberFromString(number, 'JP')?.formatNational() ?? number;
      return shown.replaceAll('-', '') === number ? shown : number;
    };
    const ending = fc.stringMatching(/^\d{3,4}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^0\d{6}$/), ending, ending, (leading, one, another) => {
        for (const end of [one, another]) expect(shownNumber(leading + end)).toBe(library(leading + end));
      }),
      { numRuns: 3000 },
    );
  });

  it('C10: a number with + is from abroad', () => {
    expect(isForeign('+14155550100')).toBe(true);
    expect(isForeign('09012345678')).toBe(false);
  });
});
