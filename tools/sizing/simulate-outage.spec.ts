import fc from 'fast-check';
import { simulateOutage } from './simulate-outage.ts';

const outages = fc.record({
  arrivals: fc.double({ min: 1, max: 1_000, noNaN: true }),
  capacity: fc.double({ min: 1, max: 3_000, noNaN: true }),
  left: fc.double({ min: 0, max: 1, noNaN: true }),
  seconds: fc.integer({ min: 0, max: 7_200 }),
});

describe('the simulated outage', () => {
  it('loses nothing: what came is worked or waits', () => {
    fc.assert(
      fc.property(outages, fc.nat(), (outage, seed) => {
        const { arrived, worked, waiting } = simulateOutage(outage, seed);
        expect(worked + waiting).toBeCloseTo(arrived, 3);
        expect(waiting).toBeGreaterThanOrEqual(-1e-3);
      }),
      { numRuns: 15 },
    );
  });

  it('is over sooner with more capacity, and the same with the same seed', () => {
    fc.assert(
      fc.property(outages, fc.nat(), (outage, seed) => {
        const one = simulateOutage(outage, seed);
        expect(simulateOutage(outage, seed)).toEqual(one);
        const { caughtUpSeconds } = simulateOutage({ ...outage, capacity: outage.capacity * 1.5 }, seed);
        expect(caughtUpSeconds ?? Infinity).toBeLessThanOrEqual(one.caughtUpSeconds ?? Infinity);
      }),
      { numRuns: 10 },
    );
  });

  it('takes as long as the spare capacity needs for what has waited', () => {
    const outage = { arrivals: 100, capacity: 200, left: 0, seconds: 1_000 };
    const { caughtUpSeconds, mostWaiting, oldestSeconds } = simulateOutage(outage, 1);
    expect(mostWaiting / 100_000).toBeCloseTo(1, 1);
    expect((caughtUpSeconds ?? 0) / 1_000).toBeCloseTo(1, 1);
    expect(oldestSeconds).toBe(1_000);
  });

  it('says when it is never over', () => {
    const { caughtUpSeconds } = simulateOutage({ arrivals: 100, capacity: 40, left: 1, seconds: 10 }, 1);
    expect(caughtUpSeconds).toBeNull();
  });
});
