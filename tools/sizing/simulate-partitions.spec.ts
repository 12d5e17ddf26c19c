import fc from 'fast-check';
import { assign, simulatePartitions } from './simulate-partitions.ts';

const sizes = [fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 150 })] as const;

describe('the simulated partitions', () => {
  it('each have one process, and no process has two more than another', () => {
    fc.assert(
      fc.property(...sizes, (partitions, processes) => {
        const counts = Array.from({ length: processes }, () => 0);
        for (const owner of assign(partitions, processes)) counts[owner] = (counts[owner] ?? 0) + 1;
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(partitions);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('burden the busiest process at least as much as the mean, and are the same with the same seed', () => {
    fc.assert(
      fc.property(...sizes, fc.nat(), (partitions, processes, seed) => {
        const given = { partitions, processes, lines: 500 };
        const spread = simulatePartitions(given, seed);
        expect(spread.busiest).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(spread.moved).toBeLessThanOrEqual(1);
        expect(simulatePartitions(given, seed)).toEqual(spread);
      }),
    );
  });

  it('are uneven when they are no multiple of the processes', () => {
    const of = (partitions: number): number =>
      simulatePartitions({ partitions, processes: 100, lines: 100_000 }, 1).busiest;
    expect(of(240)).toBeGreaterThan(of(300));
  });
});
