import type { FaultRecord } from '#delivery';
import { describeFaults } from './faults.ts';

const LINE = '0312345678';
const AT = Date.parse('2026-11-21T10:00:00+09:00');
const HOUR = 3_600_000;
const FAILED: FaultRecord = { failedAt: AT, lastFailedAt: AT, recoveredAt: 0 };

const told = (faults: Record<string, FaultRecord>): string[] =>
  describeFaults(LINE, new Map(Object.entries(faults)));

describe('ops faults', () => {
  it('says when there are none', () => {
    expect(told({})).toEqual([`line ${LINE}: no fault in the last 30 days`]);
  });

  it('R3 tells since when each fault has been open, and whether the transfer was started', () => {
    const started = { source: '/switch', id: 'e-1' };
    const lines = told({
      'flt-2': { ...FAILED, failedAt: AT + HOUR, lastFailedAt: AT + 2 * HOUR },
      'flt-1': { ...FAILED, started, faultNotice: started },
    });
    expect(lines).toEqual([
      `line ${LINE}: 2 open faults; an automatic stop waits until none is open`,
      '  flt-1  open since 2026-11-21T10:00:00+09:00; the transfer was started; mails of event e-1',
      '  flt-2  open since 2026-11-21T11:00:00+09:00, last reported 2026-11-21T12:00:00+09:00; ' +
        'no transfer was started; no mail',
    ]);
  });

  it('R4 tells what recovered, even when the fault was never reported', () => {
    expect(
      told({
        'flt-1': { ...FAILED, recoveredAt: AT + HOUR },
        'flt-2': { failedAt: 0, lastFailedAt: 0, recoveredAt: AT },
      }),
    ).toEqual([
      `line ${LINE}: 0 open faults`,
      '  flt-2  its fault was never reported; recovered 2026-11-21T10:00:00+09:00',
      '  flt-1  failed 2026-11-21T10:00:00+09:00, recovered 2026-11-21T11:00:00+09:00',
    ]);
  });

  it('escapes control characters in ids', () => {
    expect(told({ 'flt\u001B[2J': FAILED })[1]).toContain('flt\\u{1b}[2J');
  });
});
