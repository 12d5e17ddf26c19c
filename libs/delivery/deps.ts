import type { AccessMailEvent, RawRecord } from '#events';
import type { AccessSecret, ComposedMail, MailContent, MailSender } from '#mail';
import type { DeadlinesOf } from '#rules';
import type { CircuitBreaker } from './breaker/circuit-breaker.ts';
import type { InFlightSends } from './in-flight-sends.ts';
import type { DeliveryMetrics } from './metrics.ts';
import type {
  DeadLetters,
  DeliveryLog,
  FaultStates,
  Ledger,
  LedgerEvent,
  OutcomeLog,
  RetryQueue,
  SettingsStore,
  SwitchCommands,
} from './ports.ts';
import type { RecordTraces } from './record-traces.ts';
import type { SendLimit } from './send-limit.ts';

/** The part of the circuit breaker that delivery uses. */
export type Breaker = Pick<
  CircuitBreaker,
  'isOpen' | 'mailAnswered' | 'mailUnavailable' | 'mailCutOff' | 'mailRefusedUs' | 'redisUnavailable'
>;

/** Makes the mail for one recipient. Throws only for a bug. */
type Compose = (content: MailContent, event: LedgerEvent, address: string) => ComposedMail;

/** Opens an access mail's secret; it is absent for a kind without one. `problem` names no secret. */
type OpenSecret = (
  event: AccessMailEvent,
) => { readonly ok: true; readonly secret?: AccessSecret } | { readonly ok: false; readonly problem: string };

/** A claim that this process holds, until `end` is called. */
export interface LiveClaim {
  /** Its message begins: from now on its lease is the longer one. */
  begun(): void;
  end(): void;
}

/** The event of a claim, and the record that it came by. */
export interface ClaimedEvent {
  readonly decided: LedgerEvent;
  readonly record: RawRecord;
}

/** Renews the claims that a process holds (`LiveClaims`). */
export interface ClaimKeeper {
  /** Keeps a claim that the ledger has just given. */
  hold(event: ClaimedEvent, address: string, token: string): LiveClaim;
}

/** The stores in Redis. */
interface Stores {
  readonly settings: SettingsStore;
  readonly ledger: Ledger;
  readonly faults: FaultStates;
}

/** The publishers to Kafka. */
export interface Publishing {
  readonly outcomes: OutcomeLog;
  readonly retries: RetryQueue;
  readonly deadLetters: DeadLetters;
  readonly commands: SwitchCommands;
}

/** The brands and seal keys of this installation. */
export interface Installation {
  readonly deadlinesOf: DeadlinesOf;
  readonly knownBrand: (brand: string) => boolean;
  readonly openSecret: OpenSecret;
}

/** How a mail is made and sent. */
export interface Mailing {
  readonly compose: Compose;
  readonly sender: MailSender;
  readonly limit: SendLimit;
}

/** The work in progress in this process, and whether more may be started. */
export interface Flow {
  readonly breaker: Breaker;
  /** The claims of this process on the ledger's rows, which it renews. */
  readonly claims: ClaimKeeper;
  /** Deliveries in progress by key: a second copy waits for the first. */
  readonly inProgress: Map<string, Promise<unknown>>;
  /** Shutdown waits for them. */
  readonly inFlight: InFlightSends;
  /** Aborted when the process stops waiting: a claim that is not given back by then is left to its lease. */
  readonly ending: AbortSignal;
}

/** The metrics, the log and the traces. */
export interface Telemetry {
  readonly metrics: DeliveryMetrics;
  readonly log: DeliveryLog;
  readonly traces: RecordTraces;
}

/** Everything that deliveries need; shared by the lanes of a process. */
export interface DeliveryDeps {
  readonly stores: Stores;
  readonly publishing: Publishing;
  readonly installation: Installation;
  readonly mailing: Mailing;
  readonly flow: Flow;
  readonly telemetry: Telemetry;
  /** The wall clock, epoch milliseconds. */
  readonly now: () => number;
}
