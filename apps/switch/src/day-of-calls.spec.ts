import fc from 'fast-check';
import { decode, encodeEvent, type EventData } from '#events';
import { dayOfCalls } from './day-of-calls.ts';

const MIDNIGHT = Date.parse('2026-11-21T00:00:00+09:00');
const LINES = Array.from({ length: 40 }, (_, line) => ({
  lineNumber: `03${String(line).padStart(7, '1')}0`,
  numbers: [0, 1].map((number) => `03${String(line).padStart(7, '1')}${number}`),
}));

function day(seed: number): EventData<'call.v1'>[] {
  return [...dayOfCalls(LINES, { seed, midnight: MIDNIGHT, callsPerNumber: 25 })];
}

function share(
  calls: readonly EventData<'call.v1'>[],
  wanted: (call: EventData<'call.v1'>) => boolean,
): number {
  return calls.filter(wanted).length / calls.length;
}

describe('dayOfCalls', () => {
  it('makes the same day of the same seed, and another of another', () => {
    expect(day(7)).toEqual(day(7));
    expect(day(7)).not.toEqual(day(8));
  });

  it('makes calls that the notifier can read, in the order of time, within the day, to known numbers', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const calls = day(seed);
        expect(calls).toHaveLength(2000);
        const read = calls.map((data, index) => {
          const time = Date.parse(data.startedAt);
          const record = encodeEvent({ type: 'call.v1', source: 's', id: `${index}`, time, key: null, data });
          return decode({ partition: 0, offset: '0', timestamp: time, ...record });
        });
        expect(read.filter(({ ok }) => !ok)).toEqual([]);
        const times = calls.map(({ startedAt }) => startedAt);
        expect(times.toSorted()).toEqual(times);
        expect(times.every((time) => time.startsWith('2026-11-21T'))).toBe(true);
        const known = new Set(
          LINES.flatMap(({ lineNumber, numbers }) => numbers.map((n) => `${lineNumber} ${n}`)),
        );
        expect(
          calls.every(({ lineNumber, calledNumber }) => known.has(`${lineNumber} ${calledNumber}`)),
        ).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('is believable: mostly answered, busy by day, with everything that the rules know of', () => {
    const calls = [1, 2, 3, 4, 5].flatMap(day);
    expect(share(calls, ({ outcome }) => outcome === 'answered')).toBeGreaterThan(0.4);
    expect(share(calls, ({ startedAt }) => startedAt.slice(11, 13) < '06')).toBeLessThan(0.02);
    const kinds: Record<string, (call: EventData<'call.v1'>) => boolean> = {
      unanswered: ({ outcome }) => outcome === 'unanswered',
      busy: ({ outcome }) => outcome === 'busy',
      abandoned: ({ outcome }) => outcome === 'abandoned',
      forwarded: ({ outcome }) => outcome === 'forwarded',
      'C9 not forwarded': ({ forwarding }) => forwarding !== undefined,
      'C7 refused by Number Request': ({ refusedBy }) => refusedBy === 'number-request',
      'C8 refused by the nuisance list': ({ refusedBy }) => refusedBy === 'nuisance-list',
      'withheld by choice': ({ caller }) => caller.withheld === 'P',
      'public phone': ({ caller }) => caller.withheld === 'C',
      abroad: ({ caller }) => caller.number?.startsWith('+') ?? false,
    };
    for (const [name, is] of Object.entries(kinds)) {
      expect([name, share(calls, is) > 0, share(calls, is) < 0.4]).toEqual([name, true, true]);
    }
  });

  it('refuses only the caller that the service is for', () => {
    for (const { refusedBy, caller, ringSeconds } of day(1)) {
      if (refusedBy === undefined) continue;
      const wrong = refusedBy === 'number-request' ? caller.withheld !== 'P' : caller.number === undefined;
      expect([refusedBy, wrong, ringSeconds]).toEqual([refusedBy, false, 0]);
    }
  });
});
