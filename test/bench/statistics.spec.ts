import { median, percentile, ratios } from './statistics.ts';

describe('the figures of several rounds', () => {
  it('are divided round by round, and only then is the median taken', () => {
    const each = ratios([10, 30, 40], [10, 10, 80]);
    expect(each).toEqual([1, 3, 0.5]);
    expect(median(each)).toBe(1);
  });

  it('have the mean of the middle two for a median when they are even in number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  it('have as a percentile a value that was measured', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 1)).toBe(100);
    expect(percentile([7], 0.5)).toBe(7);
  });
});
