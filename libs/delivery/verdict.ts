import type { FaultEvent, NotifyEvent, RawRecord } from '#events';
import type { MailContent } from '#mail';
import type { Decision, LineSettings } from '#rules';
import type { DeadLetterReason, KeptAnswer, LedgerEvent } from './ports.ts';
import type { RetryNote } from './retry-headers.ts';
import type { RetryLadder } from './retry-policy.ts';

/** A record that holds an event. */
export interface Decoded {
  readonly verdict: 'decoded';
  readonly record: RawRecord;
  readonly event: NotifyEvent;
  /** Only of a record of a retry topic. */
  readonly note?: RetryNote;
}

/** A fault or recovery as the rules decided it; its line's history has the last word (R4). */
export interface ReportedFault {
  readonly verdict: 'fault';
  readonly record: RawRecord;
  readonly event: FaultEvent;
  readonly decision: Decision;
  /** Whether the line asks for a bulk transfer to be started or stopped (R3). */
  readonly transfer: boolean;
  readonly line: LineSettings;
}

/** An event whose mail is still to be sent, with everything that an attempt needs. */
export interface PendingDelivery {
  readonly verdict: 'to-notify';
  readonly record: RawRecord;
  readonly event: NotifyEvent;
  readonly decided: LedgerEvent;
  readonly contentFor: (address: string) => MailContent;
  /** Whether an address is still stored: one that was removed meanwhile gets nothing (`withdrawn`). */
  readonly isStored: (address: string) => boolean;
  readonly ladder: RetryLadder;
  /**
   * Only of a retry: its one recipient, and how many attempts were made before. With `answered` no attempt is needed:
   * the answer came while Redis was unavailable and has yet to be recorded.
   */
  readonly retry?: {
    readonly address: string;
    readonly attempts: number;
    readonly answered?: KeptAnswer | undefined;
  };
}

/** An event that becomes no mail, and why. */
export interface Suppressed {
  readonly verdict: 'suppressed';
  readonly record: RawRecord;
  readonly event: NotifyEvent;
  readonly decision: Decision;
}

/** A record for the dead letters. */
export interface Dead {
  readonly verdict: 'dead';
  readonly record: RawRecord;
  readonly reason: Exclude<DeadLetterReason, 'in-doubt'>;
  /** Carries no personal data. */
  readonly problem: string;
  /** The error, when it was a bug. */
  readonly bug?: unknown;
}

/** Every recipient's answer, or the wait for it, is recorded, and what follows from it is in Kafka. */
export interface Recorded {
  readonly verdict: 'recorded';
  readonly pending: PendingDelivery;
}

/** Everything that follows from the event was already in Kafka. */
export interface Duplicate {
  readonly verdict: 'duplicate';
  readonly pending: PendingDelivery;
}

/** The record is not acknowledged, and is read again. */
export interface Held {
  readonly verdict: 'held';
}

export const HELD: Held = { verdict: 'held' };

/** The final verdict on a record, which `finish` acts on. */
export type FinalVerdict = Suppressed | Dead | Recorded | Duplicate | Held;
