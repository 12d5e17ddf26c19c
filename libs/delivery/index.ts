export { createDeliveryMetrics, DELIVERY_METRICS, type DeliveryMetrics } from './metrics.ts';
export { isDeadLetter } from './is-dead-letter.ts';
export { deliver } from './deliver.ts';
export { CircuitBreaker } from './breaker/circuit-breaker.ts';
export { InFlightSends } from './in-flight-sends.ts';
export { SendLimit } from './send-limit.ts';
export { LiveClaims } from './live-claims.ts';
export { parkedAtOf, readRetryNote, type RetryNote } from './retry-headers.ts';
export { REPLAY_HEADER } from './deliver-pending.ts';
export { readStoredEvent } from './stored-event.ts';
export type { DeliveryDeps } from './deps.ts';
export { RecordTraces } from './record-traces.ts';
export {
  DEAD_LETTER_REASONS,
  LedgerClaimLost,
  RECIPIENT_STATES,
  type Answer,
  type BatchResult,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type DeadLetters,
  type FaultStates,
  type Ledger,
  type LedgerEvent,
  type LedgerRow,
  type LedgerTable,
  type OutcomeItem,
  type OutcomeLog,
  type RecordBatch,
  type RetryQueue,
  type SettingsStore,
  type SwitchCommands,
} from './ports.ts';
export {
  apply as applyFaultReport,
  isOpen as isFaultOpen,
  remember as rememberFaults,
  REMEMBER_MS,
  type FaultRecord,
  type FaultReport,
  type LineFaults,
} from './fault-state/fault-state.ts';
export { stateMeaning } from './state-meanings.ts';
