import type { Registry } from 'prom-client';
import { createGauge, type MetricDeclaration } from '#metrics';
import { notReadyBecause, type Health, type ReadyCheck } from '#platform';

/** The servers that the settings API needs. */
const TARGETS = ['redis', 'kafka'] as const;

/** `notify_breaker_open` of the settings API. */
export const SETTINGS_BREAKER: MetricDeclaration<'target'> = {
  name: 'notify_breaker_open',
  type: 'gauge',
  help: '1 while work is held because the target is away',
  labels: { target: TARGETS },
};

/** `notify_history_away` of the settings API. */
export const HISTORY_AWAY: MetricDeclaration<never> = {
  name: 'notify_history_away',
  type: 'gauge',
  help: '1 while outcomes cannot be kept: the Redis of the history is away, takes no writes or does not tell its memory',
  labels: {},
};

/** `notify_breaker_open` of the servers that the checks are named after, asked anew at each scrape. */
export function collectAwayMetrics(
  registry: Registry,
  checks: Readonly<Record<(typeof TARGETS)[number], Health['checks'][string]>>,
): void {
  createGauge(registry, SETTINGS_BREAKER, async (gauge) => {
    const reasons = await notReadyBecause({ checks, registry });
    const away = new Set(reasons.map(({ check }) => check));
    for (const target of TARGETS) gauge.set({ target }, away.has(target) ? 1 : 0);
  });
}

/** `notify_history_away`, asked anew at each scrape. The settings and their `/readyz` do not depend on it. */
export function collectHistoryAway(registry: Registry, check: ReadyCheck): void {
  createGauge(registry, HISTORY_AWAY, async (gauge) => {
    const reasons = await notReadyBecause({ checks: { history: check }, registry });
    gauge.set(reasons.length);
  });
}
