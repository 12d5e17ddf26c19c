import type { Registry } from 'prom-client';
import { createGauge } from './create-metric.ts';
import type { MetricDeclaration } from './metric-declaration.ts';

/** What waits to be done. */
export interface Backlog {
  readonly count: number;
  /** Since when the oldest waits, in epoch milliseconds; `undefined` when nothing does, or nobody knows. */
  readonly oldestAt: number | undefined;
}

interface BacklogMetrics {
  readonly count: MetricDeclaration<never>;
  readonly oldest: MetricDeclaration<never>;
}

/** The two metrics of a backlog: how much waits, and for how long. */
export function backlogMetrics(name: string, what: string): BacklogMetrics {
  const age = `Age of the oldest that ${name} counts; of more than 100, the oldest of a random 100`;
  return {
    count: { name, type: 'gauge', help: what, labels: {} },
    oldest: { name: `${name}_oldest_seconds`, type: 'gauge', help: age, labels: {} },
  };
}

/** Asks for the backlog once at each scrape; while nobody can tell, both metrics stay what they were. */
export function collectBacklog(
  registry: Registry,
  { count, oldest }: BacklogMetrics,
  ask: () => Promise<Backlog>,
): void {
  let asked: Promise<Backlog | undefined> | undefined;
  // A scrape asks for both at once, before the first is answered.
  const askOnce = (): Promise<Backlog | undefined> =>
    (asked ??= ask()
      .catch(() => undefined)
      .finally(() => {
        asked = undefined;
      }));
  createGauge(registry, count, async (gauge) => {
    const backlog = await askOnce();
    if (backlog) gauge.set(backlog.count);
  });
  createGauge(registry, oldest, async (gauge) => {
    const backlog = await askOnce();
    if (!backlog) return;
    const { oldestAt } = backlog;
    gauge.set(oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt) / 1_000);
  });
}
