import fc from 'fast-check';
import { temporaryPasswordProblem } from './temporary-password.ts';

const NUMBER = '0312983476';

describe('temporaryPasswordProblem', () => {
  it.each([
    ['', 'not-eight-digits'],
    ['1298347', 'not-eight-digits'],
    ['129834761', 'not-eight-digits'],
    ['1298347a', 'not-eight-digits'],
    ['１２９８３４７５', 'not-eight-digits'],
    ['1298347\n', 'not-eight-digits'],
    ['12983475\n', 'not-eight-digits'],
    ['00000000', 'equal-digits'],
    ['99999999', 'equal-digits'],
    ['12345678', 'run'],
    ['23456789', 'run'],
    ['01234567', 'run'],
    ['98765432', 'run'],
    ['87654321', 'run'],
    ['76543210', 'run'],
    ['12983476', 'own-number'],
    ['12983475', undefined],
    ['11111112', undefined],
    ['12345679', undefined],
    ['02468024', undefined],
    ['89012345', undefined],
    ['03129834', undefined],
  ] as const)('A2 of %j is %s', (password, problem) => {
    expect(temporaryPasswordProblem(password, NUMBER)).toBe(problem);
  });

  it('A2 refuses the last eight digits of a number of 11 digits too', () => {
    expect(temporaryPasswordProblem('12983476', '05012983476')).toBe('own-number');
  });

  it('A2 takes everything else: of 8 digits, only 10 equal ones, 6 runs and the number are refused', () => {
    const refused = new Set(['12983476']);
    for (let first = 0; first <= 9; first += 1) refused.add(String(first).repeat(8));
    for (const run of ['01234567', '12345678', '23456789']) {
      refused.add(run);
      refused.add(Array.from(run).toReversed().join(''));
    }
    const digits = fc.stringMatching(/^[0-9]{8}$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.constantFrom(...refused)), (password) => {
        expect(temporaryPasswordProblem(password, NUMBER) !== undefined).toBe(refused.has(password));
      }),
    );
  });
});
