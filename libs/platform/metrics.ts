import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** Creates a registry with the process's default metrics and `notify_build_info`. */
export function createRegistry(build: { readonly app: string; readonly version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'notify_build_info',
    help: 'Which program this is; always 1',
    labelNames: ['app', 'version', 'node'],
    registers: [registry],
  }).set({ ...build, node: process.version }, 1);
  return registry;
}

/** Creates a counter whose labels have closed sets of values: every combination exists from the start, at zero. */
export function closedCounter<L extends string>(
  registry: Registry,
  metric: {
    readonly name: string;
    readonly help: string;
    readonly labels: Readonly<Record<L, readonly string[]>>;
  },
): Counter<L> {
  const names = Object.keys(metric.labels) as L[];
  const counter = new Counter({
    name: metric.name,
    help: metric.help,
    labelNames: names,
    registers: [registry],
  });
  let series: Partial<Record<L, string>>[] = [{}];
  for (const name of names)
    series = series.flatMap((one) => metric.labels[name].map((value) => ({ ...one, [name]: value })));
  for (const labels of series) counter.inc(labels, 0);
  return counter;
}
