import type { CallEvent } from '#events';
import { EMPTY_CALL_NOTICE, type CallNotice } from '../call-notice.ts';
import { DEFAULT_DEADLINES, type DeadlinesOf } from '../deadlines.ts';
import { decideCall } from '../decide.ts';
import type { Reason } from '../decision.ts';
import { EMPTY_FAX_NOTICE } from '../fax-notice.ts';
import type { NumberSettings } from '../number-settings.ts';
import { EMPTY_SCREENING, type Screening } from '../screening.ts';

export const AT = Date.UTC(2026, 10, 21, 1);
export const HOUR = 3_600_000;
export const CALLER = '09012345678';
export const ABROAD = '+14155550100';
export const deadlinesOf: DeadlinesOf = () => DEFAULT_DEADLINES;

export function aCall(part: Partial<CallEvent> = {}): CallEvent {
  return {
    kind: 'call',
    source: '/switch',
    id: 'c-1',
    at: AT,
    lineNumber: '0312345678',
    calledNumber: '0312345679',
    caller: { number: CALLER },
    ringSeconds: 12,
    outcome: 'unanswered',
    ...part,
  };
}

export function aNumber(
  callNotice: Partial<CallNotice> = {},
  screening: Partial<Screening> = {},
): NumberSettings {
  return {
    number: '0312345679',
    lineNumber: '0312345678',
    brand: 'ntt-east',
    callNotice: {
      ...EMPTY_CALL_NOTICE,
      enabled: true,
      recipients: [{ address: 'a@example.jp', enabled: true }],
      ...callNotice,
    },
    faxNotice: { ...EMPTY_FAX_NOTICE },
    screening: { ...EMPTY_SCREENING, ...screening },
  };
}

/** Target callers that are switched on (C4). */
export const targets = (...numbers: string[]): CallNotice['targetCallers'] =>
  numbers.map((number) => ({ number, enabled: true }));

export const reasonOf = (event: CallEvent, settings: NumberSettings | undefined): Reason =>
  decideCall(event, settings, AT, deadlinesOf).reason;
