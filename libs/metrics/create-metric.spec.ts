import { Registry } from 'prom-client';
import { createCounter, createGauge, createHistogram } from './create-metric.ts';
import type { MetricDeclaration } from './metric-declaration.ts';

const labels = { topic: ['a', 'b'], result: ['yes', 'no'] };
const lines = async (registry: Registry, name: string): Promise<string[]> =>
  (await registry.getSingleMetricAsString(name)).split('\n').slice(2);

describe('a metric', () => {
  it('has every combination of its closed labels from the start, at zero', async () => {
    const registry = new Registry();
    const counter = createCounter(registry, { name: 'x_total', type: 'counter', help: 'x', labels });
    counter.inc({ topic: 'b', result: 'no' });
    expect(await lines(registry, 'x_total')).toEqual([
      'x_total{topic="a",result="yes"} 0',
      'x_total{topic="a",result="no"} 0',
      'x_total{topic="b",result="yes"} 0',
      'x_total{topic="b",result="no"} 1',
    ]);
  });

  it('is there without labels too', async () => {
    const registry = new Registry();
    createGauge(registry, { name: 'g', type: 'gauge', help: 'g', labels: {} });
    createHistogram(registry, {
      name: 'h_seconds',
      type: 'histogram',
      help: 'h',
      labels: { topic: ['a'] },
      buckets: [1],
    });
    expect(await lines(registry, 'g')).toEqual(['g 0']);
    expect(await lines(registry, 'h_seconds')).toContain('h_seconds_count{topic="a"} 0');
  });

  it.each<[string, Partial<MetricDeclaration>]>([
    ['that appears on first use', { labels, onFirstUse: 'many' }],
    ['with a label known in words alone', { labels: { topic: ['a'], app: { inWords: 'the app' } } }],
  ])('%s has no series at the start', async (_, one) => {
    const registry = new Registry();
    createCounter(registry, { name: 'x_total', type: 'counter', help: 'x', labels: {}, ...one });
    expect(await lines(registry, 'x_total')).toEqual([]);
  });

  it('is asked anew at each scrape', async () => {
    const registry = new Registry();
    let asked = 0;
    createGauge(registry, { name: 'g', type: 'gauge', help: 'g', labels: {} }, (gauge) => {
      asked += 1;
      gauge.set(asked);
    });
    expect(await lines(registry, 'g')).toEqual(['g 1']);
    expect(await lines(registry, 'g')).toEqual(['g 2']);
  });
});
