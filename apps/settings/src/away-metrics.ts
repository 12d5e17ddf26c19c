import { Gauge, type Registry } from 'prom-client';
import { notReadyBecause, type Health } from '#platform';

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
