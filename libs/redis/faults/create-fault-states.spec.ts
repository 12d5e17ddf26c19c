import { readFileSync } from 'node:fs';
import { parseLineFaults } from './create-fault-states.ts';

const text = (path: string): string =>
  readFileSync(new URL(`../../../test/stored/${path}.json`, import.meta.url), 'utf8');

describe('stored faults', () => {
  it('0.1.0/faults are read as they are', () => {
    expect([...parseLineFaults(text('0.1.0/faults'))]).toEqual(JSON.parse(text('0.1.0/faults')));
  });

  it('earlier/faults are open, because none of them recovered', () => {
    expect(parseLineFaults(text('earlier/faults')).get('flt-77')).toMatchObject({
      lastFailedAt: 1795222260000,
      recoveredAt: 0,
    });
  });

  it('are none before the first', () => expect(parseLineFaults(null).size).toBe(0));

  it.each(['', '{}', '[["flt-77", {}]]'])('%j is an error', (wrong) => {
    expect(() => parseLineFaults(wrong)).toThrow('the faults of a line cannot be read');
  });
});
