import { readFileSync } from 'node:fs';
import { closedCounter, createRegistry } from './metrics.ts';
import { programVersion } from './program-version.ts';

describe('metrics', () => {
  it('say which program this is, and how the process does', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const text = await createRegistry({ app: 'settings', version: programVersion() }).metrics();
    expect(text).toContain(
      `notify_build_info{app="settings",version="${version}",node="${process.version}"} 1`,
    );
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('begin every combination of closed labels at zero', async () => {
    const registry = createRegistry({ app: 'a', version: '0' });
    const counter = closedCounter(registry, {
      name: 'x_total',
      help: 'x',
      labels: { topic: ['a', 'b'], result: ['yes', 'no'] },
    });
    counter.inc({ topic: 'b', result: 'no' });
    const text = await registry.getSingleMetricAsString('x_total');
    expect(text.split('\n').slice(2)).toEqual([
      'x_total{topic="a",result="yes"} 0',
      'x_total{topic="a",result="no"} 0',
      'x_total{topic="b",result="yes"} 0',
      'x_total{topic="b",result="no"} 1',
    ]);
  });
});
