export { backlogMetrics, collectBacklog, type Backlog } from './collect-backlog.ts';
export { createCounter, createGauge, createHistogram, seriesOf } from './create-metric.ts';
export type { LabelValues, MetricDeclaration } from './metric-declaration.ts';
