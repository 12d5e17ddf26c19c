import { Report } from './report.ts';

describe('the report', () => {
  it("has each row's median, minimum and maximum, and the work of others while it was measured", () => {
    const report = new Report();
    report.add('quiet', [3, 1, 2], 'ms');
    report.measuredBeside(0.1);
    report.add('not quiet', [4], 'ms');
    report.measuredBeside(1.5);
    const [, quiet, busy] = report.toString().split('\n');
    expect(quiet).toMatch(/^quiet +2 +1 +3 +0\.10 ms$/);
    expect(busy).toMatch(/^not quiet +4 +4 +4 +1\.50 ms$/);
  });

  it('leaves the work of others out where it is not known', () => {
    const report = new Report();
    report.add('row', [1], 'ms');
    report.measuredBeside(NaN);
    expect(report.toString().split('\n')[1]).toMatch(/^row +1 +1 +1 +ms$/);
  });
});
