import { audit, flowOf, type Evidence } from './audit.ts';

const TO = 'taro@example.jp';
const recipient = (state: string) => ({ address: TO, state, attempts: 1, response: '' });
const copy = (at: number, more = {}) => ({ address: TO, messageId: '<1@x>', at, answered: true, ...more });
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  acknowledged: [{ id: 'e1', reason: 'notify', addresses: [TO] }],
  outcomes: new Map([['e1', { reason: 'notify', recipients: [recipient('accepted')] }]]),
  copies: [copy(10)],
  refusals: [],
  cuts: [],
  acceptedAt: new Map(),
  inDoubt: new Set(),
  unacknowledged: [],
  ...more,
});
const reported = (state: string) => new Map([['e1', { reason: 'notify', recipients: [recipient(state)] }]]);

describe('the audit of a chaos row', () => {
  it('finds nothing when each mail was accepted once and has an outcome', () => {
    expect(audit(evidence())).toEqual({ lost: 0, doubled: 0, doubledOutsideWindow: 0, findings: [] });
  });

  it.each([
    ['no outcome', { outcomes: new Map() }, 'no outcome'],
    ['accepted, but never taken', { copies: [] }, 'accepted'],
    ['still deferred', { outcomes: reported('deferred'), copies: [] }, 'deferred'],
    ['bounced, but never refused', { outcomes: reported('bounced'), copies: [] }, 'bounced'],
    ['in doubt, but no dead letter', { outcomes: reported('in-doubt') }, 'in-doubt'],
    ['expired', { outcomes: reported('expired'), copies: [] }, 'expired'],
    [
      'another reason',
      { outcomes: new Map([['e1', { reason: 'duplicate', recipients: [] }]]) },
      'duplicate, expected notify',
    ],
    [
      'without its recipient',
      { outcomes: new Map([['e1', { reason: 'notify', recipients: [] }]]) },
      'absent',
    ],
  ])('counts as lost: %s', (_what, more, says) => {
    const verdict = audit(evidence(more));
    expect(verdict.lost).toBe(1);
    expect(verdict.findings[0]).toContain(says);
  });

  it('accepts `bounced` only after a final refusal, and `in-doubt` only with a dead letter', () => {
    const refused = {
      outcomes: reported('bounced'),
      copies: [],
      refusals: [{ address: TO, code: 550, at: 5 }],
    };
    expect(audit(evidence(refused)).lost).toBe(0);
    const later = { ...refused, refusals: [{ address: TO, code: 450, at: 5 }] };
    expect(audit(evidence(later)).lost).toBe(1);
    expect(audit(evidence({ outcomes: reported('in-doubt'), inDoubt: new Set(['e1']) })).lost).toBe(0);
  });

  it.each([
    ['after an answered mail', [copy(10), copy(20)], [], 1],
    ['after an unanswered one', [copy(10, { answered: false }), copy(20)], [], 0],
    ['after a kill within the window', [copy(10), copy(900)], [{ at: 500, windowMs: 1_000 }], 0],
    ['after a kill past the window', [copy(10), copy(9_000)], [{ at: 2_000, windowMs: 1_000 }], 1],
    ['after a kill before it', [copy(10), copy(900)], [{ at: 5, windowMs: 1_000 }], 1],
    ['by another Message-ID', [copy(10, { answered: false }), copy(20, { messageId: '<2@x>' })], [], 1],
  ])('counts a second copy %s', (_when, copies, cuts, outside) => {
    expect(audit(evidence({ copies, cuts }))).toMatchObject({ doubled: 1, doubledOutsideWindow: outside });
  });

  it('excuses no second copy when the outcome was published before the kill', () => {
    const killed = { copies: [copy(10), copy(900)], cuts: [{ at: 500, windowMs: 1_000 }] };
    const toldAt = (at: number) => audit(evidence({ ...killed, acceptedAt: new Map([[TO, at]]) }));
    expect(toldAt(400)).toMatchObject({ doubled: 1, doubledOutsideWindow: 1 });
    expect(toldAt(950)).toMatchObject({ doubled: 1, doubledOutsideWindow: 0 });
  });

  it('excuses one extra copy, never two', () => {
    const copies = [10, 20, 30].map((at) => copy(at, { answered: false }));
    expect(audit(evidence({ copies }))).toMatchObject({ doubled: 2, doubledOutsideWindow: 1 });
  });

  it('counts a mail to an unexpected recipient', () => {
    const copies = [copy(10), { ...copy(10), address: 'nobody@example.jp' }];
    expect(audit(evidence({ copies })).doubledOutsideWindow).toBe(1);
  });

  it('expects a mail for an event that Kafka wrote without acknowledging it', () => {
    const copies = [copy(10), { ...copy(10), address: 'maybe@example.jp' }];
    const unacknowledged = [{ id: 'e2', reason: 'notify', addresses: ['maybe@example.jp'] }];
    expect(audit(evidence({ copies, unacknowledged })).doubledOutsideWindow).toBe(0);
  });
});

describe('the flow of a chaos row', () => {
  const steady = Array.from({ length: 100 }, (_, index) => copy(index * 100));
  const outage = [...steady.filter(({ at }) => at < 2_000), ...steady.filter(({ at }) => at > 6_000)];

  it('measures the longest gap between mails and the time to full speed', () => {
    const window = { from: 0, to: 10_000, rate: 10, acknowledgedAt: () => Infinity };
    expect(flowOf(steady, window, [])).toEqual({ longestStallMs: 100, recoveryMs: null });
    expect(flowOf(outage, window, [5_000])).toEqual({ longestStallMs: 4_200, recoveryMs: 1_100 });
  });

  it('does not count the backlog as full speed', () => {
    const waited = Array.from({ length: 40 }, (_, index) => ({
      ...copy(5_000 + index * 10),
      address: 'old',
    }));
    const window = {
      from: 0,
      to: 10_000,
      rate: 10,
      acknowledgedAt: (address: string) => (address === 'old' ? 1_000 : 6_000),
    };
    expect(flowOf([...outage, ...waited], window, [5_000])).toMatchObject({ recoveryMs: 1_100 });
  });
});
