import type { Outcome, ReadTable } from '#redis';
import { describeEvent } from './describe-outcome.ts';

const outcome: Outcome = {
  eventSource: '/switch',
  eventId: 'e-1',
  sequence: 1,
  kind: 'call',
  number: '0312345679',
  lineNumber: '0312345678',
  at: '2026-11-21T10:00:00+09:00',
  reason: 'notify',
  recipients: [{ address: 'a@example.jp', state: 'deferred', attempts: 1, response: '451 4.7.1 Later' }],
};

const at = Date.parse(outcome.at);
const table: ReadTable = {
  event: {
    source: '/switch',
    id: 'e-1',
    kind: 'call',
    number: '0312345679',
    lineNumber: '0312345678',
    brand: 'ntt-east',
    at,
    deadline: at + 1,
    reason: 'notify',
    recipients: ['a@example.jp', 'b@example.jp'],
  },
  sequence: 0,
  rows: [
    {
      address: 'a@example.jp',
      state: 'deferred',
      attempts: 2,
      response: '451 4.7.1 Later',
      settled: true,
      notBefore: at + 60_000,
      retryTopic: 'notify-retry-1m',
    },
    { address: 'b@example.jp', state: 'open', attempts: 0, response: '', settled: false },
    {
      address: 'd@example.jp',
      state: 'open',
      attempts: 0,
      response: '',
      settled: false,
      claimedUntil: at + 9_000,
    },
    {
      address: 'e@example.jp',
      state: 'accepted',
      attempts: 1,
      response: '250 2.0.0 Ok',
      settled: true,
      answeredAt: at + 1_500,
    },
    { address: 'c@example.jp', state: 'in-doubt', attempts: 0, response: 'no answer', settled: true },
  ],
};

describe('what became of an event', () => {
  it('shows the reason with its meaning, and each recipient', () => {
    expect(describeEvent({ outcome })).toEqual([
      '2026-11-21T10:00:00+09:00  call  0312345679 of line 0312345678  notify: mails: 1 waiting for another try',
      '  event e-1 of /switch, outcome 1',
      '  a@example.jp  deferred, 1 attempt: 451 4.7.1 Later',
    ]);
    expect(
      describeEvent({ outcome: { ...outcome, reason: 'answered', lineNumber: null, recipients: [] } })[0],
    ).toBe(
      '2026-11-21T10:00:00+09:00  call  0312345679  answered: the call was answered, and only unanswered ones are wanted (C5)',
    );
  });

  it('prefers the ledger, which knows more', () => {
    expect(describeEvent({ outcome, table }).slice(2)).toEqual([
      '  a@example.jp  deferred, 2 attempts: 451 4.7.1 Later; waits in notify-retry-1m until 2026-11-21T10:01:00+09:00, then it is retried',
      '  b@example.jp  waiting, no notifier is working on it, 0 attempts',
      '  d@example.jp  under way, no answer yet, 0 attempts',
      '  e@example.jp  accepted at 2026-11-21T10:00:01.500+09:00, 1 attempt: 250 2.0.0 Ok',
      '  c@example.jp  in-doubt, 0 attempts: no answer; in the dead letters',
    ]);
    expect(describeEvent({ table })[0]).toContain(
      'mails: 1 waiting for another try, 1 waiting, 1 under way, 1 accepted, 1 in doubt',
    );
  });

  it('shows when Kafka got the outcome, and that a retry is under way', () => {
    expect(describeEvent({ outcome, toldAt: at + 2_000 })[1]).toBe(
      '  event e-1 of /switch, outcome 1, told 2026-11-21T10:00:02+09:00',
    );
    const [row] = table.rows;
    const rows = row ? [{ ...row, claimedUntil: at + 70_000 }] : [];
    expect(describeEvent({ table: { ...table, rows } })).toEqual([
      expect.stringMatching(/notify: mails: 1 under way$/),
      '  event e-1 of /switch, no outcome yet',
      expect.stringMatching(/451 4.7.1 Later; retrying now$/),
    ]);
  });

  it('shows a reason that only a newer version knows', () => {
    expect(describeEvent({ outcome: { ...outcome, reason: 'sunspots' } })[0]).toMatch(/sunspots$/);
  });
});
