/**
 * The values of a label: a list that is closed when the program is written, or in words one that is closed when it
 * starts.
 */
export type LabelValues = readonly string[] | { readonly inWords: string };

/** A metric: what it is created from, and what docs/metrics.md says of it. */
export interface MetricDeclaration<L extends string = string> {
  /** Ends in its unit, `_seconds` or `_ratio`, unless it is a count; a counter in `_total`. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence for an operator. */
  readonly help: string;
  /** By the labels' names, in their order. */
  readonly labels: Readonly<Record<L, LabelValues>>;
  /** The upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
  /** Why its series appear on first use; without it every series is there from the start, at zero. */
  readonly onFirstUse?: string;
}
