import type { EventFamily } from '#events';

/**
 * How long after the event a mail of each family may still be sent, in milliseconds (C15, O1): `fault` applies to
 * recoveries too, `access` to access mails without an `expiresAt`.
 */
export type Deadlines = Readonly<Record<EventFamily, number>>;

/** The deadlines of a brand; of `undefined` those for a number that is not known. */
export type DeadlinesOf = (brand: string | undefined) => Deadlines;

const HOUR = 3_600_000;

/** Defaults, used where a brand sets nothing: 6 h for calls, 24 h for everything else. */
export const DEFAULT_DEADLINES: Deadlines = {
  call: 6 * HOUR,
  fax: 24 * HOUR,
  fault: 24 * HOUR,
  access: 24 * HOUR,
};

/** The deadlines that a brand sets itself, in milliseconds. */
export type OwnDeadlines = Readonly<Partial<Record<keyof Deadlines, number | undefined>>>;

const FAMILIES = Object.keys(DEFAULT_DEADLINES) as readonly EventFamily[];

/** The deadlines of a brand: its own win over the defaults (C15). */
export function deadlinesOfBrand(own: OwnDeadlines): Deadlines {
  return ofEach((family) => own[family] ?? DEFAULT_DEADLINES[family]);
}

/** The longest deadline of each family over all brands and the defaults. */
export function longestDeadlines(brands: Iterable<OwnDeadlines>): Deadlines {
  const all = [DEFAULT_DEADLINES, ...[...brands].map((own) => deadlinesOfBrand(own))];
  return ofEach((family) => Math.max(...all.map((one) => one[family])));
}

function ofEach(deadline: (family: EventFamily) => number): Deadlines {
  return Object.fromEntries(FAMILIES.map((family) => [family, deadline(family)])) as Deadlines;
}
