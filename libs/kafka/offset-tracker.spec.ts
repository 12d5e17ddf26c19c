import fc from 'fast-check';
import { OffsetTracker } from './offset-tracker.ts';

/** Rising offsets with gaps, beyond what a double can count, and the order in which some of them settle. */
const cases = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 40 }).chain((steps) => {
  let next = 2n ** 53n;
  const offsets = steps.map((step) => String((next += BigInt(step))));
  const indexes = offsets.map((_, index) => index);
  return fc.record({ offsets: fc.constant(offsets), settled: fc.shuffledSubarray(indexes) });
});

describe('OffsetTracker', () => {
  it('commits nothing while the first record is unsettled', () => {
    const tracker = new OffsetTracker(['5', '6', '7']);
    tracker.settle(1);
    tracker.settle(2);
    expect(tracker.commitOffset).toBeUndefined();
    expect(tracker.beyondFront()).toEqual([1, 2]);
  });

  it('commits the next offset, over gaps that compaction or transactions left', () => {
    const tracker = new OffsetTracker(['5', '9', '12']);
    tracker.settle(0);
    expect(tracker.commitOffset).toBe('6');
    tracker.settle(1);
    expect(tracker.commitOffset).toBe('10');
    tracker.settle(2);
    expect(tracker.commitOffset).toBe('13');
  });

  it('never passes an unsettled record and never stops before a settled one', () => {
    fc.assert(
      fc.property(cases, ({ offsets, settled }) => {
        const tracker = new OffsetTracker(offsets);
        const done = new Set<number>();
        for (const index of settled) {
          tracker.settle(index);
          done.add(index);
          const gap = offsets.findIndex((_, at) => !done.has(at));
          const front = gap === -1 ? offsets.length : gap;
          expect(tracker.front).toBe(front);
          expect(tracker.commitOffset).toBe(
            front === 0 ? undefined : String(BigInt(offsets[front - 1]!) + 1n),
          );
          expect(tracker.beyondFront()).toEqual(
            [...done].filter((at) => at > front).toSorted((a, b) => a - b),
          );
        }
      }),
    );
  });

  it('takes a record settled twice for one', () => {
    const tracker = new OffsetTracker(['1', '2']);
    tracker.settle(0);
    tracker.settle(0);
    expect(tracker.front).toBe(1);
  });
});
