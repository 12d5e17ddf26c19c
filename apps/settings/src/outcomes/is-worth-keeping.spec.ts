import type { Outcome } from '#redis';
import { REASONS } from '#rules';
import { isWorthKeeping } from './is-worth-keeping.ts';

const outcome = (more: Partial<Outcome>): Outcome => ({
  eventSource: '/switch/1',
  eventId: 'e-1',
  sequence: 1,
  kind: 'call',
  number: '0312345679',
  lineNumber: '0312345678',
  at: '2026-11-21T10:00:00+09:00',
  reason: 'notify',
  recipients: [],
  ...more,
});
const recipients = [{ address: 'a@example.jp', state: 'expired', attempts: 3, response: '' }];

describe('V6 what the history keeps', () => {
  it('is what a setting of a service that is on decided', () => {
    const left = REASONS.filter((reason) => !isWorthKeeping(outcome({ reason })));
    expect(left).toEqual(['too-late', 'unknown-number', 'service-off']);
  });

  it.each([
    ['has recipients', { reason: 'too-late', recipients }],
    ['is of an access mail', { reason: 'too-late', kind: 'one-time-password' }],
    ['has a reason that is not known yet', { reason: 'something-new' }],
  ])('is what %s', (_, more) => expect(isWorthKeeping(outcome(more))).toBe(true));
});
