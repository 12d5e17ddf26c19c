/** How long after the event a mail of each family may still be sent, in milliseconds (C15, O1). */
export interface Deadlines {
  readonly call: number;
  readonly fax: number;
  /** Faults and recoveries. */
  readonly fault: number;
  /** Access mails that carry no `expiresAt`. */
  readonly access: number;
}

/** The deadlines of a brand; of `undefined` those for a number that is not known. */
export type DeadlinesOf = (brand: string | undefined) => Deadlines;

const HOUR = 3_600_000;

/** What holds where a brand says nothing else: 6 h for calls, 24 h for everything else. */
export const DEFAULT_DEADLINES: Deadlines = {
  call: 6 * HOUR,
  fax: 24 * HOUR,
  fault: 24 * HOUR,
  access: 24 * HOUR,
};
