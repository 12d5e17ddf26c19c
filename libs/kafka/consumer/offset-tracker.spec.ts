import fc from 'fast-check';
import { OffsetTracker } from './offset-tracker.ts';

/** How many records there are, and the order in which some of them are acknowledged. */
const cases = fc.integer({ min: 1, max: 40 }).chain((records) =>
  fc.record({
    records: fc.constant(records),
    acked: fc.shuffledSubarray(Array.from({ length: records }, (_, index) => index)),
  }),
);

describe('OffsetTracker', () => {
  it('stays in front of the first unacknowledged record', () => {
    const tracker = new OffsetTracker(3);
    tracker.ack(1);
    tracker.ack(2);
    expect(tracker.front).toBe(0);
    expect(tracker.beyondFront()).toEqual([1, 2]);
  });

  it('never passes an unacknowledged record and never stops before an acknowledged one', () => {
    fc.assert(
      fc.property(cases, ({ records, acked }) => {
        const tracker = new OffsetTracker(records);
        const done = new Set<number>();
        for (const index of acked) {
          expect(tracker.ack(index)).toBe(true);
          done.add(index);
          let front = 0;
          while (done.has(front)) front += 1;
          expect(tracker.front).toBe(front);
          expect(tracker.unacked).toBe(records - done.size);
          expect(tracker.beyondFront()).toEqual(
            [...done].filter((at) => at > front).toSorted((a, b) => a - b),
          );
        }
      }),
    );
  });

  it('takes a record acknowledged twice, or one that is none, for nothing new', () => {
    const tracker = new OffsetTracker(2);
    tracker.ack(0);
    expect(tracker.ack(0)).toBe(false);
    expect(tracker.ack(2)).toBe(false);
    expect(tracker).toMatchObject({ front: 1, unacked: 1 });
  });
});
