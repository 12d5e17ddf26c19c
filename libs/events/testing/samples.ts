// The data of an event of each kind, valid, as it is in Kafka.

export const AT = '2026-11-21T10:00:00+09:00';

export const CALL = {
  lineNumber: '0312345678',
  calledNumber: '0312345679',
  caller: { number: '09012345678' },
  startedAt: AT,
  ringSeconds: 12,
  outcome: 'answered',
};
export const FAX = {
  lineNumber: '0312345678',
  calledNumber: '0312345679',
  sender: { withheld: 'C' },
  receivedAt: AT,
  pages: 3,
  complete: true,
  documentId: 'f-20261121-0001',
};
export const FAULT = { lineNumber: '0312345678', faultId: 'flt-77', at: AT, numbers: ['0312345679'] };
export const CODE_MAIL = {
  kind: 'one-time-password',
  number: '0312345679',
  brand: 'ntt-east',
  recipient: 'a@example.jp',
  issuedAt: AT,
  expiresAt: '2026-11-21T10:05:00+09:00',
  sealed: `v1.k1.${'A'.repeat(16)}.AAAA.${'A'.repeat(22)}`,
};
export const LOCKED_MAIL = {
  kind: 'account-locked',
  number: '0312345679',
  brand: 'ntt-east',
  recipient: 'a@example.jp',
  issuedAt: AT,
};
