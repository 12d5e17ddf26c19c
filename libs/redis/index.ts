export { createActionOutbox, type ActionOutbox } from './actions/create-action-outbox.ts';
export { createAccessStore } from './access/create-access-store.ts';
export { createCallStore } from './access/create-call-store.ts';
export { createOperatorSessions } from './access/create-operator-sessions.ts';
export { checkDurability, lookForRedis } from './connection/check-durability.ts';
export { checkHistoryServer } from './connection/check-server.ts';
export { connectRedis, type ConnectRedisOptions, type RedisConnection } from './connection/connect-redis.ts';
export { collectRedisMetrics, REDIS_METRICS } from './connection/redis-metrics.ts';
export { RedisError } from './connection/redis-error.ts';
export { HISTORY_COMMANDS } from './connection/check-permissions.ts';
export { needsOf, PARTS_OF, type RedisPart } from './connection/redis-parts.ts';
export { createFaultStates, faultsOfLine } from './faults/create-fault-states.ts';
export {
  createHistoryEvictor,
  type HistoryEvictor,
  type HistoryEvictorOptions,
} from './history/create-history-evictor.ts';
export { createOutcomeHistory } from './history/create-outcome-history.ts';
export { createReceivedFaxes } from './history/create-received-faxes.ts';
export type { ReceivedFax, ReceivedFaxes } from './history/received-faxes.ts';
export type { Outcome, OutcomeHistory, OutcomePage } from './history/outcome-history.ts';
export { createLedgerReader, type ReadRow, type ReadTable } from './ledger/create-ledger-reader.ts';
export { createLedgerRebuilder, type Rebuilt, type ToldOutcome } from './ledger/create-ledger-rebuilder.ts';
export { createLedger } from './ledger/create-ledger.ts';
export { createIdempotencyKeys } from './limits/create-idempotency-keys.ts';
export { createSourceLimit } from './limits/create-source-limit.ts';
export { createTestMailLimits } from './limits/create-test-mail-limits.ts';
export { createSettingsRepository } from './settings/create-settings-repository.ts';
export { createSettingsStore } from './settings/create-settings-store.ts';
export { createUploads, type Uploads, type WaitingUpload } from './uploads/create-uploads.ts';
