import type { EventData, EventType } from '#events';

const at = '2026-11-21T10:00:00+09:00';

/** One event of each type, as it stands in Kafka. */
export const EXAMPLES: { readonly [T in EventType]: EventData<T> } = {
  'call.v1': {
    lineNumber: '0312345678',
    calledNumber: '0312345679',
    caller: { number: '09012345678' },
    startedAt: at,
    ringSeconds: 12,
    outcome: 'unanswered',
  },
  'fax.v1': {
    lineNumber: '0312345678',
    calledNumber: '0312345679',
    sender: { withheld: 'C' },
    receivedAt: at,
    pages: 3,
    complete: true,
    documentId: 'f-20261121-0001',
  },
  'fault.v1': { lineNumber: '0312345678', faultId: 'flt-77', at, numbers: ['0312345678', '0312345679'] },
  'recovery.v1': { lineNumber: '0312345678', faultId: 'flt-77', at },
  'access-mail.v1': {
    kind: 'one-time-password',
    number: '0312345679',
    brand: 'ntt-east',
    recipient: 'a@example.jp',
    issuedAt: at,
    expiresAt: '2026-11-21T10:05:00+09:00',
    sealed: 'v1.k1.MDEyMzQ1Njc4OWFi.eyJjb2RlIjoiMTIzNDU2In0.MDEyMzQ1Njc4OWFiY2RlZg',
  },
  'bulk-transfer.v1': { lineNumber: '0312345678', action: 'start', because: 'flt-77', at },
  'outcomes.v1': {
    items: [
      {
        eventSource: '/switch/tokyo-1',
        eventId: 'c-20261121-0001',
        sequence: 1,
        kind: 'call',
        number: '0312345679',
        lineNumber: '0312345678',
        at,
        reason: 'notify',
        recipients: [{ address: 'a@example.jp', state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' }],
      },
    ],
  },
};
