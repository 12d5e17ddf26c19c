export * from './ports.ts';
export { LedgerClaimLost } from './ledger-claim-lost.ts';
export { createInMemoryLedger, type InMemoryLedgerOptions } from './testing/in-memory-ledger.ts';
