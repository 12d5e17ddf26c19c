import type { RawRecord } from '#events';
import {
  EMPTY_CALL_NOTICE,
  EMPTY_FAX_NOTICE,
  EMPTY_SCREENING,
  type LineSettings,
  type NumberSettings,
} from '#rules';
import type { LedgerEvent } from '../ports.ts';

/** The line, and its number, that all of these are about. */
export const LINE = '0312345678';
/** When its first call or fault was, epoch ms. */
export const AT = Date.parse('2026-11-21T10:00:00+09:00');
const MINUTE = 60_000;

/** An unanswered call 20 s before now, for tests whose clock stands there; `data` says what is different. */
export function callRecord(id: string, offset = id, data: object = {}): RawRecord {
  return recordOf(
    { topic: 'call-events', type: 'call.v1', id, offset, at: AT },
    {
      lineNumber: LINE,
      calledNumber: LINE,
      caller: { number: '09012345678' },
      startedAt: new Date(AT).toISOString(),
      ringSeconds: 12,
      outcome: 'unanswered',
      ...data,
    },
  );
}

/** The event of `callRecord('1')` as the ledger keeps it, owed to this address for a minute. */
export function callInLedger(address: string): LedgerEvent {
  return {
    source: 'switch-1',
    id: '1',
    kind: 'call',
    number: LINE,
    lineNumber: LINE,
    brand: 'ntt-east',
    at: AT,
    deadline: AT + MINUTE,
    reason: 'notify',
    recipients: [address],
  };
}

/** A fault, or a recovery from it, some minutes after the first one. */
export function faultRecord(
  type: 'fault.v1' | 'recovery.v1',
  id: string,
  minutes: number,
  faultId = 'flt-77',
): RawRecord {
  const at = AT + minutes * MINUTE;
  const data = { lineNumber: LINE, faultId, at: new Date(at).toISOString() };
  return recordOf({ topic: 'fault-events', type, id, offset: id, at }, data);
}

/** The call notice for these addresses, of unanswered calls. */
export function numberSettings(...addresses: string[]): NumberSettings {
  return {
    number: LINE,
    lineNumber: LINE,
    brand: 'ntt-east',
    callNotice: {
      ...EMPTY_CALL_NOTICE,
      enabled: true,
      unansweredOnly: true,
      recipients: addresses.map((address) => ({ address, enabled: true })),
    },
    faxNotice: EMPTY_FAX_NOTICE,
    screening: EMPTY_SCREENING,
  };
}

/** The fault notice for these addresses, with bulk transfer. */
export function lineSettings(...addresses: string[]): LineSettings {
  return {
    lineNumber: LINE,
    brand: 'ntt-east',
    contractor: '',
    numbers: [LINE],
    faultNotice: {
      enabled: true,
      recipients: addresses.map((address) => ({ address, enabled: true })),
      contractorName: '山田商店',
      location: '本店',
      autoStartTransfer: true,
      autoStopTransfer: true,
    },
  };
}

interface RecordFields {
  readonly topic: string;
  readonly type: string;
  readonly id: string;
  readonly offset: string;
  /** Epoch ms. */
  readonly at: number;
}

function recordOf({ topic, type, id, offset, at }: RecordFields, data: object): RawRecord {
  return {
    topic,
    partition: 0,
    offset,
    key: Buffer.from(LINE),
    value: Buffer.from(JSON.stringify(data)),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: 'switch-1',
      ce_type: type,
      ce_time: new Date(at + 13_000).toISOString(),
      'content-type': 'application/json',
    },
    timestamp: at,
  };
}
