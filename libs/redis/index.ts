export { checkDurability, type Durability } from './check-durability.ts';
export { checkHistoryServer } from './check-server.ts';
export { connectRedis, type ConnectRedisOptions, type RedisConnection } from './connect-redis.ts';
export { createIdempotencyKeys, type IdempotencyKeys } from './create-idempotency-keys.ts';
export {
  createTestMailLimits,
  type TestMailLimitOptions,
  type TestMailLimits,
  type TestMailVerdict,
} from './create-test-mail-limits.ts';
export { createFaultStates, faultsOfLine } from './faults/create-fault-states.ts';
export {
  createHistoryRoom,
  type HistoryRoom,
  type HistoryRoomOptions,
} from './history/create-history-room.ts';
export { createOutcomeHistory, type OutcomeHistoryOptions } from './history/create-outcome-history.ts';
export type { Outcome, OutcomeHistory, OutcomePage, OutcomeQuery } from './history/outcome-history.ts';
export { createLedgerReader, type ReadRow, type ReadTable } from './ledger/create-ledger-reader.ts';
export { createLedger, type LedgerOptions } from './ledger/create-ledger.ts';
export { RedisError, type RedisErrorCode } from './redis-error.ts';
export { createSettingsRepository } from './settings/create-settings-repository.ts';
export { createSettingsStore } from './settings/create-settings-store.ts';
export type {
  Line,
  NumberSection,
  NumberSections,
  Precondition,
  SettingsRepository,
  Versioned,
  WriteResult,
} from './settings/settings-repository.ts';
