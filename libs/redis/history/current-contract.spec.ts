import fc from 'fast-check';
import { isOfCurrentContract } from './current-contract.ts';
import type { Outcome } from './outcome-history.ts';

const AT = Date.parse('2026-11-21T10:00:00+09:00');
const LINE = '0312345678';

function outcome(more: Partial<Outcome> = {}): Outcome {
  return {
    eventSource: '/switch/1',
    eventId: 'e-1',
    sequence: 1,
    kind: 'call',
    number: '0312345679',
    lineNumber: LINE,
    at: '2026-11-21T10:00:00+09:00',
    reason: 'notify',
    recipients: [],
    ...more,
  };
}

describe('V6 whether an outcome is of the current contract', () => {
  it.each([
    ['before anybody had the number', { leftAt: 0 }, true],
    ['since it came, and it never left', { leftAt: 0, lineNumber: LINE }, true],
    ['at the moment in which it left', { leftAt: AT, lineNumber: LINE }, true],
    ['before it left, back with the same line', { leftAt: AT + 1, lineNumber: LINE }, false],
    ['before it left, nobody’s now', { leftAt: AT + 1 }, false],
    ['of a line that lost it', { leftAt: 0, lineNumber: '0698765432' }, false],
  ])('%s', (_when, owner, expected) => {
    expect(isOfCurrentContract(outcome(), owner)).toBe(expected);
  });

  it('depends on its time alone where no line is known', () => {
    const mail = outcome({ kind: 'one-time-password', lineNumber: null });
    expect(isOfCurrentContract(mail, { leftAt: AT, lineNumber: LINE })).toBe(true);
    expect(isOfCurrentContract(mail, { leftAt: AT + 1, lineNumber: LINE })).toBe(false);
  });

  it('is denied when its time cannot be read and the number once left', () => {
    expect(isOfCurrentContract(outcome({ at: 'yesterday' }), { leftAt: 1 })).toBe(false);
  });

  it('once denied, stays denied after a later move', () => {
    const lines = fc.constantFrom(LINE, '0698765432');
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), lines, (at, left, later, lineNumber) => {
        const item = outcome({ at: new Date(at).toISOString() });
        if (isOfCurrentContract(item, { leftAt: left, lineNumber })) return;
        expect(isOfCurrentContract(item, { leftAt: left + later, lineNumber })).toBe(false);
      }),
    );
  });
});
