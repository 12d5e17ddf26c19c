import type { Registry } from 'prom-client';
import { isRetryTopic, LANE_TOPICS, RETRY_TOPICS } from '#events';
import type { KafkaBatchStrategy } from '#kafka';
import { createGauge, type MetricDeclaration } from '#metrics';

/** The part of a lane that its metrics need. */
type Lane = Pick<KafkaBatchStrategy, 'lag' | 'oldestUnackedSeconds'>;

const TOPICS = Object.values(LANE_TOPICS).flat();

const LAG: MetricDeclaration<'topic'> = {
  name: 'notify_consumer_lag',
  type: 'gauge',
  help: 'Records of this process’s partitions that are not settled yet',
  labels: { topic: TOPICS },
};

const RETRY_WAITING: MetricDeclaration<'topic'> = {
  name: 'notify_retry_waiting',
  type: 'gauge',
  help: 'Records that wait in a retry topic, of this process’s partitions',
  labels: { topic: RETRY_TOPICS },
};

const OLDEST_UNSETTLED: MetricDeclaration<'topic'> = {
  name: 'notify_oldest_unsettled_seconds',
  type: 'gauge',
  help: 'Age of the oldest record that is not settled yet',
  labels: { topic: TOPICS },
};

/** The metrics of the lanes. */
export const LANE_METRICS: readonly MetricDeclaration[] = [LAG, RETRY_WAITING, OLDEST_UNSETTLED];

/**
 * Registers the lag of the lanes, read anew at each scrape; for retry topics it is the number of waiting records. A
 * topic of a lane that this process does not work stays 0.
 */
export function collectLaneMetrics(registry: Registry, lanes: readonly Lane[]): void {
  createGauge(registry, LAG, (gauge) => {
    for (const lane of lanes) for (const [topic, lag] of lane.lag()) gauge.set({ topic }, lag);
  });
  createGauge(registry, RETRY_WAITING, (gauge) => {
    for (const lane of lanes)
      for (const [topic, lag] of lane.lag()) if (isRetryTopic(topic)) gauge.set({ topic }, lag);
  });
  createGauge(registry, OLDEST_UNSETTLED, (gauge) => {
    for (const lane of lanes)
      for (const [topic, age] of lane.oldestUnackedSeconds()) gauge.set({ topic }, age);
  });
}
