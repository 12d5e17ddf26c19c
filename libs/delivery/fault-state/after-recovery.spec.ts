import type { LedgerRow, LedgerTable } from '../ports.ts';
import { afterRecovery } from './after-recovery.ts';

function table(...states: LedgerRow['state'][]): LedgerTable {
  const rows = states.map((state, index) => ({
    address: `${index}@example.jp`,
    state,
    attempts: 1,
    response: '',
    settled: false,
  }));
  const event = {
    source: '/switch',
    id: 'f-1',
    kind: 'fault',
    number: '0312345678',
    lineNumber: '0312345678',
    brand: 'ntt-east',
    at: 0,
    deadline: 1,
    reason: 'notify' as const,
    recipients: rows.map(({ address }) => address),
  };
  return { event, sequence: 2, rows };
}

describe('afterRecovery', () => {
  it.each<[string, LedgerRow['state'][], string[], string]>([
    ['all waited', ['superseded', 'superseded'], [], 'recovered-before-notice'],
    ['all have it', ['accepted', 'accepted'], ['0@example.jp', '1@example.jp'], 'notify'],
    ['one has it, one waited', ['superseded', 'accepted'], ['1@example.jp'], 'notify'],
    [
      'one waited, the others never can have it',
      ['superseded', 'bounced', 'expired', 'withdrawn'],
      [],
      'recovered-before-notice',
    ],
    ['one waited, one is being sent', ['superseded', 'open'], [], 'notify'],
    ['one waited, one is sent again', ['superseded', 'deferred'], [], 'notify'],
    ['one waited, one is in doubt', ['superseded', 'in-doubt'], [], 'notify'],
    ['nobody waited, all were refused', ['bounced'], [], 'notify'],
  ])('R4 %s', (_title, states, reached, reason) => {
    const after = afterRecovery(table(...states));
    expect([...after.reached]).toEqual(reached);
    expect(after.reason).toBe(reason);
  });
});
