export { BREAKER_TARGETS, createDeliveryMetrics, EVENT_RESULTS, type DeliveryMetrics } from './metrics.ts';
export { deliver } from './deliver.ts';
export { CircuitBreaker } from './breaker/circuit-breaker.ts';
export { InFlightSends } from './in-flight-sends.ts';
export { SendLimit } from './send-limit.ts';
export { LiveClaims } from './live-claims.ts';
export { LedgerClaimLost } from './ledger-claim-lost.ts';
export { parkedAtOf, readRetryNote, type RetryNote } from './retry-headers.ts';
export { REPLAY_HEADER } from './deliver-pending.ts';
export { japanTime } from './outcome.ts';
export { readStoredEvent } from './stored-event.ts';
export type { Compose, DeliveryDeps, OpenSecret } from './deps.ts';
export {
  DEAD_LETTER_REASONS,
  RECIPIENT_STATES,
  type Answer,
  type BatchResult,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type DeadLetterReason,
  type DeadLetters,
  type FaultStates,
  type Ledger,
  type LedgerEvent,
  type LedgerRow,
  type LedgerTable,
  type OutcomeItem,
  type OutcomeLog,
  type RecipientState,
  type RecordBatch,
  type RetryQueue,
  type SettingsStore,
  type SwitchCommands,
} from './ports.ts';
export { createInMemoryLedger, type InMemoryLedgerOptions } from './testing/in-memory-ledger.ts';
export { afterRecovery, type AfterRecovery } from './fault-state/after-recovery.ts';
export { remember as rememberFaults, REMEMBER_MS } from './fault-state/remember.ts';
export {
  apply as applyFaultReport,
  isOpen as isFaultOpen,
  type EventName,
  type FaultAnswer,
  type FaultRecord,
  type FaultReport,
  type FaultVerdict,
  type LineFaults,
  type TransferCommand,
} from './fault-state/fault-state.ts';
