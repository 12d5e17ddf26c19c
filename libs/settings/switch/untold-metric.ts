import { Gauge, type Registry } from 'prom-client';
import type { SwitchOutbox } from './switch-outbox.ts';

/** `notify_switch_untold`, asked anew at each scrape; while Redis is away it stays what it was. */
export function collectUntold(registry: Registry, outbox: Pick<SwitchOutbox, 'countWaiting'>): void {
  new Gauge({
    name: 'notify_switch_untold',
    help: 'Numbers and lines of which the switch may have to be told something',
    registers: [registry],
    async collect() {
      const count = await outbox.countWaiting().catch(() => undefined);
      if (count !== undefined) this.set(count);
    },
  });
}
