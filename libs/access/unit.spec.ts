import { mayLogIn, settableNumbers, unitOf, type Unit } from './unit.ts';

const LINE = {
  lineNumber: '0312345679',
  brand: 'ntt-east',
  numbers: ['0312345678', '0312345679', '0312345680'],
};
const ALL = ['0312345679', '0312345678', '0312345680'];

describe('settableNumbers', () => {
  it.each<[Unit, string, readonly string[]]>([
    ['line', '0312345679', ALL],
    ['line', '0312345678', []],
    ['number', '0312345679', ['0312345679']],
    ['number', '0312345678', ['0312345678']],
    ['administrator-user', '0312345679', ALL],
    ['administrator-user', '0312345678', ['0312345678']],
    ['line', '0399999999', []],
    ['number', '0399999999', []],
    ['administrator-user', '0399999999', []],
  ])('A1 under %s the login %s sets %j, the line number first', (unit, login, numbers) => {
    expect(settableNumbers(LINE, unit, login)).toEqual(numbers);
    expect(mayLogIn(LINE, unit, login)).toBe(numbers.length > 0);
  });

  it('A1 a line whose unit was never chosen is of the unit line', () => {
    expect(unitOf(null)).toBe('line');
    expect(unitOf('number')).toBe('number');
  });
});
