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

/** What a brand says of its own, in milliseconds. */
export type OwnDeadlines = Readonly<Partial<Record<keyof Deadlines, number | undefined>>>;

/** What a brand says of its own wins over the defaults (C15). */
export function deadlinesOfBrand(own: OwnDeadlines): Deadlines {
  return {
    call: own.call ?? DEFAULT_DEADLINES.call,
    fax: own.fax ?? DEFAULT_DEADLINES.fax,
    fault: own.fault ?? DEFAULT_DEADLINES.fault,
    access: own.access ?? DEFAULT_DEADLINES.access,
  };
}

/** For each family the longest that any brand, or a number without one, has. */
export function longestDeadlines(brands: Iterable<OwnDeadlines>): Deadlines {
  const all = [DEFAULT_DEADLINES, ...[...brands].map((own) => deadlinesOfBrand(own))];
  const longest = (family: keyof Deadlines): number => Math.max(...all.map((one) => one[family]));
  return { call: longest('call'), fax: longest('fax'), fault: longest('fault'), access: longest('access') };
}
