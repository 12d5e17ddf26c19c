import { joined, tableOf } from './table.ts';
import type { Row } from './run-row.ts';

const row = (recoveryMs: number | null, targetMs: number | null, fault = 'a fault'): Row => ({
  fault,
  times: 1,
  events: 10,
  lost: 0,
  doubled: 0,
  doubledOutsideWindow: 0,
  longestStallMs: 500,
  recoveryMs,
  targetMs,
  findings: [],
});

describe('the table of a chaos run', () => {
  it.each([
    ['slower than promised', row(10_001, 10_000), '10.0 s  10 s ✗'],
    ['as fast as promised', row(10_000, 10_000), '10.0 s  10 s'],
    ['not healed', row(null, 10_000), '–  10 s'],
    ['promised nothing', row(60_000, null), '60.0 s  –'],
  ])('marks a row only if it was slower than promised: %s', (_what, one, ending) => {
    expect(tableOf([one]).split('\n')[1]?.trimEnd().replaceAll(/ {2,}/g, '  ')).toMatch(
      new RegExp(`${ending}$`),
    );
  });

  it('joins the rounds of a fault: sums of counts, maxima of times', () => {
    expect(joined([row(1_000, 5_000), row(7_000, 5_000), row(null, null, 'another')])).toMatchObject([
      { fault: 'a fault', times: 2, events: 20, recoveryMs: 7_000, targetMs: 5_000 },
      { fault: 'another', times: 1, recoveryMs: null, targetMs: null },
    ]);
  });
});
