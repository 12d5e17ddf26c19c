/** A colour from a value on: the first one holds below all others. */
type Step = readonly [from: number | null, color: 'green' | 'yellow' | 'orange' | 'red' | 'blue'];

/** A query of a panel. */
export interface Query {
  readonly expr: string;
  /** How a series is called, by its labels: `{{kind}}`. */
  readonly legend?: string;
}

/** One panel, as it is written here. */
export interface Panel {
  readonly title: string;
  /** One sentence for who looks at it at night: what is good, what is not. */
  readonly description: string;
  /** The section of docs/runbook.md, by its anchor. */
  readonly runbook: string;
  readonly kind: 'stat' | 'timeseries';
  readonly queries: readonly Query[];
  /** As Grafana calls it: `short`, `s`, `percentunit`, `reqps`, `cpm`, `bytes`. */
  readonly unit: string;
  /** Of 24. */
  readonly width: number;
  readonly steps?: readonly Step[];
  /** Words in place of values. */
  readonly words?: Readonly<Record<string, string>>;
  readonly decimals?: number;
  readonly max?: number;
  /** What a stat says where there is nothing to measure. */
  readonly nothing?: string;
  /** Whether the series lie upon each other. */
  readonly stacked?: boolean;
}

/** A row of panels under a question. */
export interface Row {
  readonly question: string;
  readonly panels: readonly Panel[];
}

/** A dashboard, as it is written here. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** The jobs whose instances can be chosen. */
  readonly jobs: readonly string[];
  readonly rows: readonly Row[];
}

/** Green below `first`, then yellow, red from `second` on; with one limit, red from there on. */
export const worse = (first: number, second?: number): readonly Step[] =>
  second === undefined
    ? [
        [null, 'green'],
        [first, 'red'],
      ]
    : [
        [null, 'green'],
        [first, 'yellow'],
        [second, 'red'],
      ];

/** Red below `first`, then yellow, green from `second` on. */
export const better = (first: number, second: number): readonly Step[] => [
  [null, 'red'],
  [first, 'yellow'],
  [second, 'green'],
];

type Common = Omit<Panel, 'kind' | 'queries' | 'title'>;
type Asked = string | readonly Query[];

const queriesOf = (asked: Asked): readonly Query[] => (typeof asked === 'string' ? [{ expr: asked }] : asked);

/** A number, large and coloured. */
export const stat = (title: string, asked: Asked, common: Common): Panel => ({
  title,
  kind: 'stat',
  queries: queriesOf(asked),
  ...common,
});

/** Lines over time. */
export const lines = (title: string, asked: Asked, common: Common): Panel => ({
  title,
  kind: 'timeseries',
  queries: queriesOf(asked),
  ...common,
});
