import { Registry } from 'prom-client';
import type { Outcome } from '#redis';
import { REASONS } from '#rules';
import { isWorthKeeping, keepOutcomes } from './keep-outcomes.ts';

const anOutcome = (more: Partial<Outcome>): Outcome => ({
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
const outcome = (eventId: string, reason: string): Outcome => anOutcome({ eventId, reason });

describe('what is read for the history', () => {
  let hasMemory = true;
  const kept: string[] = [];
  const registry = new Registry();
  const keep = keepOutcomes({
    history: { keep: async (items) => void kept.push(...items.map(({ eventId }) => eventId)) },
    evictor: { hasMemory: async () => hasMemory },
    registry,
  });

  it('is kept when it is asked for, left out when memory is short, and counted', async () => {
    const text = await registry.getSingleMetricAsString('notify_history_outcomes_total');
    for (const result of ['kept', 'not-asked-for', 'no-memory'])
      expect(text).toContain(`{result="${result}"} 0`);
    await keep([outcome('a', 'answered'), outcome('b', 'service-off'), outcome('c', 'not-target')]);
    hasMemory = false;
    await keep([outcome('d', 'answered'), outcome('e', 'unknown-number')]);
    expect(kept).toEqual(['a', 'c']);
    expect((await registry.getMetricsAsJSON())[0]?.values).toMatchObject([
      { labels: { result: 'kept' }, value: 2 },
      { labels: { result: 'not-asked-for' }, value: 2 },
      { labels: { result: 'no-memory' }, value: 1 },
    ]);
  });
});

const recipients = [{ address: 'a@example.jp', state: 'expired', attempts: 3, response: '' }];

describe('V6 what the history keeps', () => {
  it('is what a setting of a service that is on decided', () => {
    const left = REASONS.filter((reason) => !isWorthKeeping(anOutcome({ reason })));
    expect(left).toEqual(['too-late', 'unknown-number', 'service-off']);
  });

  it.each([
    ['has recipients', { reason: 'too-late', recipients }],
    ['is of an access mail', { reason: 'too-late', kind: 'one-time-password' }],
    ['has a reason that is not known yet', { reason: 'something-new' }],
  ])('is what %s', (_, more) => expect(isWorthKeeping(anOutcome(more))).toBe(true));
});
