import { DEFAULT_DEADLINES, longestDeadlines } from './deadlines.ts';

const HOUR = 3_600_000;

describe('longestDeadlines', () => {
  it('is for each family what the most patient brand says, and never below the defaults (C15)', () => {
    const brands = [{ call: 48 * HOUR }, { call: HOUR, fax: HOUR }, { access: 25 * HOUR }];
    expect(longestDeadlines(brands)).toEqual({
      ...DEFAULT_DEADLINES,
      call: 48 * HOUR,
      access: 25 * HOUR,
    });
    expect(longestDeadlines([])).toEqual(DEFAULT_DEADLINES);
  });
});
