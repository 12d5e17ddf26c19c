/** Why an event did or did not become mail (docs/requirements.md), in the order in which they are tried. */
export const REASONS = [
  'too-late',
  'unknown-number',
  'service-off',
  'refused-number-request',
  'nuisance-caller',
  'forward-failed',
  'answered',
  'withheld-not-target',
  'not-target',
  'already-notified',
  'recovered-before-notice',
  'stale',
  'no-recipient',
  'notify',
] as const;
export type Reason = (typeof REASONS)[number];

/** The rules' decision on an event. `recipients` is empty unless the reason is `notify`. */
export interface Decision {
  readonly reason: Reason;
  readonly recipients: readonly string[];
  /** Epoch milliseconds after which no mail of this event is sent (C15, O1). */
  readonly deadline: number;
  /** The brand whose mail it is; null when the number is not known. */
  readonly brand: string | null;
}
