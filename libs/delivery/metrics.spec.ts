import { Registry } from 'prom-client';
import { createDeliveryMetrics } from './metrics.ts';

describe('notify_breaker_open', () => {
  it('tells at each scrape whether Kafka is away, and begins closed', async () => {
    const registry = new Registry();
    let away = false;
    createDeliveryMetrics(registry, () => away);
    const shown = (): Promise<string> => registry.getSingleMetricAsString('notify_breaker_open');
    expect(await shown()).toContain('notify_breaker_open{target="kafka"} 0');
    away = true;
    expect(await shown()).toContain('notify_breaker_open{target="kafka"} 1');
    expect(await shown()).toContain('notify_breaker_open{target="smtp"} 0');
  });
});
