import type { RawRecord, RetryTopic, TraceContext } from '#events';
import type { LineSettings, NumberSettings, Reason } from '#rules';
import type { FaultAnswer, FaultReport, TransferCommand } from './fault-state/fault-state.ts';

/**
 * Reads the subscribers' settings. Both resolve with one value for each key, in the same order: `undefined` for an
 * unknown one, an error for a document that cannot be read (only that number's events suffer). Both reject when the
 * store is unavailable.
 */
export interface SettingsStore {
  numbers(numbers: readonly string[]): Promise<(NumberSettings | Error | undefined)[]>;
  lines(lineNumbers: readonly string[]): Promise<(LineSettings | Error | undefined)[]>;
}

/** A recipient's state in an outcome; docs/runbook.md explains each. */
export const RECIPIENT_STATES = [
  'accepted',
  'deferred',
  'bounced',
  'expired',
  'superseded',
  'withdrawn',
  'in-doubt',
] as const;
export type RecipientState = (typeof RECIPIENT_STATES)[number];

/** The ledger's form of an event with recipients: decided once, read back by every later attempt. */
export interface LedgerEvent {
  readonly source: string;
  readonly id: string;
  readonly kind: string;
  readonly number: string;
  readonly lineNumber: string | null;
  readonly brand: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly deadline: number;
  readonly reason: Reason;
  readonly recipients: readonly string[];
  /** Of a recovery whose fault was reported (R4): when it failed (epoch ms), and who has received the fault's mail. */
  readonly fault?: { readonly failedAt: number; readonly reached: readonly string[] };
}

/** One row of an event's table of recipients. */
export interface LedgerRow {
  readonly address: string;
  /** `open`: no answer yet, whether or not somebody holds a claim on it. */
  readonly state: RecipientState | 'open';
  readonly attempts: number;
  readonly response: string;
  /** Whether Kafka has acknowledged what follows from the state (outcome, retry record, dead letter). */
  readonly settled: boolean;
  /** The mail met a bug and goes to the dead letters, whatever state the outcome shows. */
  readonly deadLetter?: true;
  /** For `deferred`: when to try again, and by which retry topic. Epoch milliseconds. */
  readonly notBefore?: number;
  readonly retryTopic?: RetryTopic;
}

/** An event's table as the ledger holds it now. `sequence` rises with every change that an outcome publishes. */
export interface LedgerTable {
  readonly event: LedgerEvent;
  readonly sequence: number;
  readonly rows: readonly LedgerRow[];
}

export type Claim =
  /** Ours: send now. `doubts`: how often it was cut off between the end of the message and the answer. */
  | { readonly kind: 'mine'; readonly attempt: number; readonly doubts: number }
  /** Somebody else's claim is valid until then (epoch ms, Redis's clock): try again later, no attempt is counted. */
  | { readonly kind: 'busy'; readonly until: number }
  /**
   * Somebody else's claim was just found lapsed after its message began: also try again later, but the answer may be
   * kept in Kafka, and has to be read before that.
   */
  | { readonly kind: 'lapsed' }
  /** Answered: nothing to send. Unless the row is settled, what follows may still have to be published. */
  | { readonly kind: 'done' };

export interface ClaimRequest {
  /** The decision; an event already in the ledger keeps the one it has. */
  readonly event: LedgerEvent;
  /** The one recipient to claim (a retry); absent: all of the decision (a first delivery). */
  readonly address?: string;
  /** Only for a retry: the record's count of attempts; a row with more is past this record. */
  readonly attempts?: number;
  /** Identifies the owner of the claim; the same when a call is repeated. */
  readonly token: string;
}

export interface ClaimResult {
  readonly table: LedgerTable;
  /** One for each recipient asked for, by address. */
  readonly claims: ReadonlyMap<string, Claim>;
}

/** The result of an attempt. `attempts` includes this one, if it counts. */
export interface Answer {
  readonly state: RecipientState;
  readonly attempts: number;
  readonly response: string;
  readonly deadLetter?: true;
  readonly notBefore?: number;
  readonly retryTopic?: RetryTopic;
}

/** An answer on its way to the ledger through Kafka, with the token of the claim that it was given to. */
export interface KeptAnswer extends Answer {
  readonly token: string;
}

/**
 * `Ledger.dataStarted` rejects with it: the claim is somebody else's by now, or a recovery's mail covers it (R4), so
 * nothing may be sent.
 */
export class LedgerClaimLost extends Error {
  override readonly name = 'LedgerClaimLost';
  readonly code = 'LEDGER_CLAIM_LOST';
  readonly retryable = false;

  constructor() {
    super('The claim on this recipient was lost before its message began');
  }
}

/** The ledger makes a second delivery of the same event harmless. Every call is atomic for its event. */
export interface Ledger {
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /**
   * The message is about to leave: from now on silence means doubt. May be called again until its first byte leaves.
   * Rejects with `LedgerClaimLost` when the claim is no longer ours, and when the event was superseded meanwhile (R4):
   * then the row is `superseded`.
   */
  dataStarted(event: LedgerEvent, address: string, token: string): Promise<void>;
  /** Prolongs a claim, by the lease of what has begun or has not; resolves with whether it is still ours. */
  renew(event: LedgerEvent, address: string, token: string): Promise<boolean>;
  /**
   * Gives a claim back unused: nothing was sent, no attempt is counted. `doubt` when it may have arrived nevertheless.
   */
  release(event: LedgerEvent, address: string, token: string, doubt: boolean): Promise<void>;
  /** Writes an answer, whoever holds the claim by now; resolves with the new table, in which it may be superseded. */
  record(event: LedgerEvent, address: string, token: string, answer: Answer): Promise<LedgerTable>;
  /** Kafka has acknowledged what follows from the rows as `sequence` showed them. */
  settle(table: LedgerTable): Promise<void>;
  /**
   * R4: this event's waiting rows, unless they are being sent, become `superseded`. Resolves with the new table, in
   * which a row still `open` or `deferred` is one whose message has begun: it becomes `superseded` when it is released,
   * deferred, about to leave after all, or claimed after its lease. `undefined` when the event is not in the ledger:
   * its rows are `superseded` as soon as it is.
   */
  supersede(source: string, id: string): Promise<LedgerTable | undefined>;
  /**
   * The operator replays a dead letter of this event: rows that are in doubt, waiting, or marked as a dead letter
   * become `open` and free of doubts, once for each dead letter. Rows that are accepted, open or claimed stay as they
   * are, and so do attempts and sequence: the next answer raises it. An event that was superseded stays so: the
   * recovery's mail covers it (R4).
   */
  reopen(source: string, id: string, deadLetterId: string): Promise<void>;
  /** The table as it is now; `undefined` when the event is not in the ledger (any more). */
  find(source: string, id: string): Promise<LedgerTable | undefined>;
}

/** An item of `outcomes.v1`. */
export interface OutcomeItem {
  readonly eventSource: string;
  readonly eventId: string;
  readonly sequence: number;
  readonly kind: string;
  readonly number: string;
  readonly lineNumber: string | null;
  /** RFC 3339 with an offset. */
  readonly at: string;
  readonly reason: Reason;
  readonly recipients: readonly {
    readonly address: string;
    readonly state: RecipientState;
    readonly attempts: number;
    readonly response: string;
  }[];
}

/** Publishes outcomes, joined; resolves when Kafka has acknowledged them. */
export interface OutcomeLog {
  publish(items: readonly OutcomeItem[]): Promise<void>;
}

export const DEAD_LETTER_REASONS = ['malformed', 'seal-failed', 'in-doubt', 'internal-error'] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/**
 * Keeps records that an operator has to look at, bytes and headers as they came. Resolves when Kafka has acknowledged
 * it.
 */
export interface DeadLetters {
  /** `error` carries no personal data. */
  keep(record: RawRecord, reason: DeadLetterReason, error: string, attempts: number): Promise<void>;
}

/**
 * Keeps a recipient's mail for later: the record as it came, with what the next attempt has to know in its headers
 * (replacing those of the same name) and `orig-topic`, `orig-partition`, `orig-offset` of where it first came from.
 * Resolves when Kafka has acknowledged it.
 */
export interface RetryQueue {
  put(record: RawRecord, topic: RetryTopic, headers: Readonly<Record<string, string>>): Promise<void>;
}

/** The known faults of each line (R3, R4). */
export interface FaultStates {
  /** `apply`s a report to its line's state, atomically: two workers never get the same answer for different events. */
  report(report: FaultReport): Promise<Pick<FaultAnswer, 'decision' | 'commands'>>;
}

/** Commands to the switch (R3), each in the trace of the event that it follows from. */
export interface SwitchCommands {
  bulkTransfer(command: TransferCommand, trace?: TraceContext): Promise<void>;
}

/** Some records of one partition, in order, and the calls for acknowledging them. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly RawRecord[];
  /** Acknowledges a record: what follows from it is in Kafka, so its offset may be committed when all before it are. */
  ack(record: RawRecord): void;
  /** Await before starting each piece of work: rejects when this process may have lost the partition (clock fence). */
  fence(): Promise<void>;
  /** Aborted when the work should come to an end: shutdown, partition lost, or the batch's time is up. */
  readonly signal: AbortSignal;
}

/**
 * After a batch the lane goes on or, with `resumeAt` (epoch ms), reads the unacknowledged records again at that time.
 */
export interface BatchResult {
  readonly resumeAt?: number;
}

/** The log for the operator. Never contains a number, an address, a code or a link. */
export interface DeliveryLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
