import { Gauge, type Registry } from 'prom-client';
import { isRetryTopic } from '#events';
import type { KafkaBatchStrategy } from '#kafka';

/** The part of a lane that its metrics need. */
type Lane = Pick<KafkaBatchStrategy, 'lag' | 'oldestUnackedSeconds'>;

/** Registers the lag of the lanes, read anew at each scrape; for retry topics it is the number of waiting records. */
export function collectLaneMetrics(registry: Registry, lanes: readonly Lane[]): void {
  const registers = [registry];
  const labelNames = ['topic'] as const;
  new Gauge({
    name: 'notify_consumer_lag',
    help: 'Records of this process’s partitions that are not settled yet',
    labelNames,
    registers,
    collect() {
      for (const lane of lanes) for (const [topic, lag] of lane.lag()) this.set({ topic }, lag);
    },
  });
  new Gauge({
    name: 'notify_retry_waiting',
    help: 'Records that wait in a retry topic',
    labelNames,
    registers,
    collect() {
      for (const lane of lanes) {
        for (const [topic, lag] of lane.lag()) if (isRetryTopic(topic)) this.set({ topic }, lag);
      }
    },
  });
  new Gauge({
    name: 'notify_oldest_unsettled_seconds',
    help: 'Age of the oldest record that is not settled yet',
    labelNames,
    registers,
    collect() {
      for (const lane of lanes)
        for (const [topic, age] of lane.oldestUnackedSeconds()) this.set({ topic }, age);
    },
  });
}
