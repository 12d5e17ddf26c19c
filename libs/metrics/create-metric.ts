import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricDeclaration } from './metric-declaration.ts';

/** Creates a counter; what it is asked at each scrape is added by `collect`. */
export function createCounter<L extends string>(
  registry: Registry,
  declaration: MetricDeclaration<L>,
  collect?: (counter: Counter<L>) => void,
): Counter<L> {
  const counter: Counter<L> = new Counter({
    ...optionsOf(registry, declaration),
    ...(collect && { collect: () => collect(counter) }),
  });
  for (const labels of seriesOf(declaration)) counter.inc(labels, 0);
  return counter;
}

/** Creates a gauge; `collect` sets it anew at each scrape. */
export function createGauge<L extends string>(
  registry: Registry,
  declaration: MetricDeclaration<L>,
  collect?: (gauge: Gauge<L>) => void | Promise<void>,
): Gauge<L> {
  const gauge: Gauge<L> = new Gauge({
    ...optionsOf(registry, declaration),
    ...(collect && { collect: () => collect(gauge) }),
  });
  for (const labels of seriesOf(declaration)) gauge.set(labels, 0);
  return gauge;
}

/** Creates a histogram. */
export function createHistogram<L extends string>(
  registry: Registry,
  declaration: MetricDeclaration<L> & { readonly buckets: readonly number[] },
): Histogram<L> {
  const histogram = new Histogram({
    ...optionsOf(registry, declaration),
    buckets: [...declaration.buckets],
  });
  for (const labels of seriesOf(declaration)) histogram.zero(labels);
  return histogram;
}

/** The labels of every series that is there from the start: all combinations of the closed lists. */
export function seriesOf<L extends string>({
  labels,
  onFirstUse,
}: MetricDeclaration<L>): Partial<Record<L, string>>[] {
  let series: Partial<Record<L, string>>[] = [{}];
  for (const [name, values] of Object.entries(labels) as [L, MetricDeclaration['labels'][string]][]) {
    if (onFirstUse !== undefined || 'inWords' in values) return [];
    series = series.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return series;
}

interface Options<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: L[];
  readonly registers: Registry[];
}

function optionsOf<L extends string>(registry: Registry, metric: MetricDeclaration<L>): Options<L> {
  const { name, help, labels } = metric;
  return { name, help, labelNames: Object.keys(labels) as L[], registers: [registry] };
}
