import type { EventFamily } from '#events';

/**
 * How long after the event a mail of each family may still be sent, in milliseconds (C15, O1): faults stand for recoveries
 * too, access mails for those that carry no `expiresAt`.
 */
export type Deadlines = Readonly<Record<EventFamily, number>>;

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

const FAMILIES = Object.keys(DEFAULT_DEADLINES) as readonly EventFamily[];

/** What a brand says of its own wins over the defaults (C15). */
export function deadlinesOfBrand(own: OwnDeadlines): Deadlines {
  return ofEach((family) => own[family] ?? DEFAULT_DEADLINES[family]);
}

/** For each family the longest that any brand, or a number without one, has. */
export function longestDeadlines(brands: Iterable<OwnDeadlines>): Deadlines {
  const all = [DEFAULT_DEADLINES, ...[...brands].map((own) => deadlinesOfBrand(own))];
  return ofEach((family) => Math.max(...all.map((one) => one[family])));
}

function ofEach(deadline: (family: EventFamily) => number): Deadlines {
  return Object.fromEntries(FAMILIES.map((family) => [family, deadline(family)])) as Deadlines;
}
