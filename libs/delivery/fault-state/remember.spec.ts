import fc from 'fast-check';
import {
  apply,
  isOpen,
  MOST_FAULTS,
  remember,
  REMEMBER_MS,
  type FaultRecord,
  type FaultReport,
  type LineFaults,
} from './fault-state.ts';

const NOW = Date.parse('2026-11-21T10:00:00+09:00');

const failed = (at: number): FaultRecord => ({ failedAt: at, lastFailedAt: at, recoveredAt: 0 });
const recovered = (at: number): FaultRecord => ({ failedAt: at - 1, lastFailedAt: at - 1, recoveredAt: at });

function recovery(faultId: string): FaultReport {
  return {
    kind: 'recovery',
    event: { source: '/switch', id: `recovery of ${faultId}` },
    lineNumber: '0312345678',
    faultId,
    at: NOW,
    reason: 'notify',
    transfer: true,
  };
}

const states: fc.Arbitrary<LineFaults> = fc
  .array(
    fc.record({
      failedAt: fc.integer({ min: 0, max: 60 }),
      recoveredAt: fc.integer({ min: 0, max: 60 }),
    }),
    { maxLength: 450, size: 'max' },
  )
  .map((all) => {
    const daysAgo = (days: number): number => NOW - days * 24 * 3_600_000;
    const records = all.map(({ failedAt, recoveredAt }, index): [string, FaultRecord] => [
      `flt-${index}`,
      {
        failedAt: daysAgo(failedAt),
        lastFailedAt: daysAgo(failedAt),
        recoveredAt: recoveredAt > 50 ? 0 : daysAgo(recoveredAt),
      },
    ]);
    return new Map(records);
  });

describe('remember', () => {
  it.each([
    ['open', failed],
    ['recovered', recovered],
  ])('forgets a fault that is %s 30 days after the last word of it', (_state, record) => {
    const state = new Map([['flt-1', record(NOW)]]);
    expect(remember(state, NOW + REMEMBER_MS - 1)).toEqual(state);
    expect(remember(state, NOW + REMEMBER_MS).size).toBe(0);
  });

  it('R3 stops at a recovery, although the recovery of another fault was lost long ago', () => {
    const state = new Map([
      ['lost', failed(NOW - REMEMBER_MS)],
      ['flt-1', failed(NOW - 1)],
    ]);
    expect(apply(state, recovery('flt-1')).commands).toEqual([]);
    expect(apply(remember(state, NOW), recovery('flt-1')).commands).toMatchObject([{ action: 'stop' }]);
  });

  it('R4 tells the recovery of a fault that was forgotten as of one never heard of', () => {
    const state = remember(new Map([['flt-1', failed(NOW - REMEMBER_MS)]]), NOW);
    expect(apply(state, recovery('flt-1')).decision).toEqual({ reason: 'notify' });
  });

  it('keeps an open fault rather than a newer one that recovered', () => {
    const state = new Map([['open', failed(NOW - REMEMBER_MS + 1)]]);
    for (let index = 0; index < MOST_FAULTS; index += 1) state.set(`over-${index}`, recovered(NOW - index));
    const kept = remember(state, NOW);
    expect(kept.size).toBe(MOST_FAULTS);
    expect(kept.has('open')).toBe(true);
    expect(kept.has(`over-${MOST_FAULTS - 1}`)).toBe(false);
  });

  it('keeps 200 at most, all of the last 30 days, no recovered or older one in place of an open or newer one', () => {
    fc.assert(
      fc.property(states, (state) => {
        const kept = remember(state, NOW);
        const recent = [...state].filter(
          ([, one]) => Math.max(one.lastFailedAt, one.recoveredAt) > NOW - REMEMBER_MS,
        );
        expect(kept.size).toBe(Math.min(recent.length, MOST_FAULTS));
        const open = recent.filter(([, one]) => isOpen(one));
        const keptOpen = [...kept.values()].filter(isOpen);
        expect(keptOpen).toHaveLength(Math.min(open.length, MOST_FAULTS));
        const oldestKept = Math.min(...keptOpen.map((one) => one.lastFailedAt));
        const lost = open.filter(([faultId]) => !kept.has(faultId));
        for (const [, one] of lost) expect(one.lastFailedAt).toBeLessThanOrEqual(oldestKept);
        expect(remember(kept, NOW)).toEqual(kept);
        for (const [faultId, record] of kept) expect(record).toBe(state.get(faultId));
      }),
    );
  });
});
