/** The bench's figures by group and name, as `--json` prints them. */
export type Figures = Readonly<Record<string, Readonly<Record<string, number | string | null>>>>;

/** Merges two sets of figures, group by group. */
export function merged(one: Figures, other: Figures): Figures {
  const groups = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...groups].map((group) => [group, { ...one[group], ...other[group] }]));
}
