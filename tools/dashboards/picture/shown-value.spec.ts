import { shownValue } from './shown-value.ts';

describe('a value in a picture', () => {
  it.each<[number, string, number | undefined, string]>([
    [0, 's', 0, '0 s'],
    [0.0421, 's', 2, '42 ms'],
    [9.96, 's', undefined, '10 s'],
    [600, 's', 0, '10 min'],
    [86_400, 's', undefined, '24 h'],
    [0.99857, 'percentunit', 2, '99.9 %'],
    [1, 'percentunit', 2, '100 %'],
    [134.2, 'cpm', 0, '134/min'],
    [2.456, 'ops', undefined, '2.46/s'],
    [12_345, 'short', undefined, '12.3 k'],
    [2, 'short', 0, '2'],
  ])('%p in %s is read as it is written', (value, unit, decimals, text) => {
    expect(shownValue(value, unit, decimals)).toBe(text);
  });
});
