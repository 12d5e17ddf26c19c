/** Why a caller shows no number, as Number Display names it: P by choice, C public phone, O not available, S conflicting services. */
export type WithheldReason = 'P' | 'C' | 'O' | 'S';

/** Who rang or sent: national digits (`0312345678`), E.164 from abroad (`+14155550100`), or withheld. */
export type Party = { readonly number: string } | { readonly withheld: WithheldReason };

export type CallOutcome = 'answered' | 'unanswered' | 'busy' | 'forwarded' | 'abandoned';

/** What every event carries. `source` and `id` together say which event it is (CloudEvents 1.0). */
export interface EventBase {
  /** `ce_source` */
  readonly source: string;
  /** `ce_id` */
  readonly id: string;
  /** What happened when, in epoch milliseconds: `startedAt`, `receivedAt`, `at` or `issuedAt`. Deadlines count from it. */
  readonly at: number;
}

export interface CallEvent extends EventBase {
  readonly kind: 'call';
  readonly lineNumber: string;
  readonly calledNumber: string;
  readonly caller: Party;
  readonly ringSeconds: number;
  readonly outcome: CallOutcome;
  readonly refusedBy?: 'number-request' | 'nuisance-list';
  readonly forwarding?: 'destination-busy' | 'destination-unreachable';
}

export interface FaxEvent extends EventBase {
  readonly kind: 'fax';
  readonly lineNumber: string;
  readonly calledNumber: string;
  readonly sender: Party;
  readonly pages: number;
  readonly complete: boolean;
  readonly documentId: string;
}

/** A fault or the recovery from it; `numbers` are the numbers affected, absent when it is all of the line. */
export interface FaultEvent extends EventBase {
  readonly kind: 'fault' | 'recovery';
  readonly lineNumber: string;
  readonly faultId: string;
  readonly numbers?: readonly string[];
}

export const ACCESS_KINDS = [
  'one-time-password',
  'two-step-code',
  'address-registration',
  'password-changed',
  'address-changed',
  'account-locked',
  'test',
] as const;
export type AccessKind = (typeof ACCESS_KINDS)[number];

const DAY_MS = 86_400_000;
/** How long after its issue a mail of each kind may be valid at most, in milliseconds, whatever its sender says (O1–O4). */
export const ACCESS_LIFE_MS: Readonly<Record<AccessKind, number>> = {
  'one-time-password': 300_000,
  'two-step-code': DAY_MS,
  'address-registration': DAY_MS,
  'password-changed': DAY_MS,
  'address-changed': DAY_MS,
  'account-locked': DAY_MS,
  test: DAY_MS,
};

/** A mail about access (O1–O5); its secret stays sealed until the mail is rendered. */
export interface AccessMailEvent extends EventBase {
  readonly kind: AccessKind;
  readonly number: string;
  readonly brand: string;
  readonly recipient: string;
  /** Epoch milliseconds, at most `ACCESS_LIFE_MS` after `at`; absent for kinds that do not expire. */
  readonly expiresAt?: number;
  readonly sealed?: string;
}

export type NotifyEvent = CallEvent | FaxEvent | FaultEvent | AccessMailEvent;
export type EventKind = NotifyEvent['kind'];

const ACCESS_MAILS: ReadonlySet<string> = new Set(ACCESS_KINDS);

/** Any other event is a notice: a switch over its kind behind this does not compile until a new kind is named in it. */
export function isAccessMail(event: NotifyEvent): event is AccessMailEvent {
  return ACCESS_MAILS.has(event.kind);
}

/** A Kafka record as the lanes see it. */
export interface RawRecord {
  /** The topic's name without prefix. */
  readonly topic: string;
  readonly partition: number;
  /** The record's offset as Kafka's decimal string. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** A header without a value is null, one that comes more than once a list. */
  readonly headers: Readonly<Record<string, Buffer | string | null | (Buffer | string | null)[] | undefined>>;
  /** Kafka's timestamp of the record, epoch milliseconds. */
  readonly timestamp: number;
}

/** One thing wrong with a record: where (`data.caller.number`, `headers.ce_id`), a code, and what was expected. Never carries the value. */
export interface Problem {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export type DecodeResult =
  | { readonly ok: true; readonly event: NotifyEvent }
  | { readonly ok: false; readonly problems: readonly Problem[] };
