import { Gauge, type Registry } from 'prom-client';
import { notReadyBecause, type Health, type ReadyCheck } from '#platform';

/** `notify_breaker_open` of the servers that the checks are named after, asked anew at each scrape. */
export function collectAwayMetrics(registry: Registry, checks: Health['checks']): void {
  new Gauge({
    name: 'notify_breaker_open',
    help: '1 while work is held because the target is away',
    labelNames: ['target'],
    registers: [registry],
    async collect() {
      const reasons = await notReadyBecause({ checks, registry });
      const away = new Set(reasons.map(({ check }) => check));
      for (const target of Object.keys(checks)) this.set({ target }, away.has(target) ? 1 : 0);
    },
  });
}

/** `notify_history_away`, asked anew at each scrape. The settings and their `/readyz` do not depend on it. */
export function collectHistoryAway(registry: Registry, check: ReadyCheck): void {
  new Gauge({
    name: 'notify_history_away',
    help: '1 while outcomes cannot be kept: the Redis of the history is away, takes no writes or does not tell its memory',
    registers: [registry],
    async collect() {
      const reasons = await notReadyBecause({ checks: { history: check }, registry });
      this.set(reasons.length);
    },
  });
}
