import { BRANDS_DIR, loadBrands } from '#mail';
import { seriesOf, type MetricDeclaration } from '#metrics';
import { METRICS_OF_APPS } from '../../tools/docs/metrics-of-apps.ts';
import { APPS, startEveryApp, type App } from '../support/every-app.ts';
import { readScrape, type Scraped } from '../support/scraped.ts';

const every = await startEveryApp();
const brands = [...loadBrands(BRANDS_DIR).keys()];

const declared = (app: App): ReadonlyMap<string, MetricDeclaration> =>
  new Map(METRICS_OF_APPS[app].map((metric) => [metric.name, metric]));

/** The metrics of ours in a scrape, without what prom-client says of the process. */
function ours({ types }: Scraped): string[] {
  return [...types.keys()].filter((name) => !/^(process|nodejs)_/.test(name));
}

/** What is wrong with a series: a label too many or too few, or a value that is not in its list. */
function wrongLabels(metric: MetricDeclaration, labels: Readonly<Record<string, string>>): string[] {
  const { le, ...others } = labels;
  const isBucket = le === undefined || le === '+Inf' || metric.buckets?.includes(Number(le));
  const names = Object.keys(metric.labels);
  if (!isBucket || Object.keys(others).toSorted().join() !== names.toSorted().join())
    return [JSON.stringify(labels)];
  return names.flatMap((name) => {
    const values = metric.labels[name] ?? [];
    const value = others[name] ?? '';
    const known = 'inWords' in values ? (name === 'brand' ? brands : [value]) : values;
    return known.includes(value) ? [] : [`${name}=${value}`];
  });
}

describe.each(APPS)('docs/metrics.md and /metrics of the app %s', (app) => {
  it('have the same metrics, with the same types and words', async () => {
    const scraped = readScrape(await every.scrape(app));
    const metrics = declared(app);
    expect(ours(scraped).toSorted()).toEqual([...metrics.keys()].toSorted());
    for (const [name, { type, help }] of metrics)
      expect([name, scraped.types.get(name), scraped.helps.get(name)]).toEqual([name, type, help]);
  });

  it('have every series from the start, apart from those that are said to come on first use', async () => {
    const { series } = readScrape(await every.scrape(app));
    for (const metric of METRICS_OF_APPS[app] as readonly MetricDeclaration[]) {
      const name = metric.buckets ? `${metric.name}_count` : metric.name;
      const there = series.filter((one) => one.name === name).map(({ labels }) => labels);
      for (const labels of seriesOf(metric)) expect(there).toContainEqual(labels);
    }
  });

  it('have no label and no value of one that is not in its list, whatever happens', async () => {
    await every.happens();
    const { series } = readScrape(await every.scrape(app));
    const metrics = declared(app);
    const found = series.flatMap(({ name, labels }) => {
      const metric = metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ''));
      return metric ? wrongLabels(metric, labels).map((wrong) => `${name}: ${wrong}`) : [];
    });
    expect(found).toEqual([]);
  });
});

describe('a scrape', () => {
  it('has as many lines of ours with a thousand more numbers', async () => {
    await every.happens();
    const lines = async (): Promise<number[]> => Promise.all(APPS.map(countLines));
    // A first scrape is itself a request that is measured.
    await lines();
    const before = await lines();
    for (let from = 0; from < 1_000; from += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => putNumber(from + index)));
    expect(await lines()).toEqual(before);
  });
});

async function countLines(app: App): Promise<number> {
  const { series } = readScrape(await every.scrape(app));
  return series.filter(({ name }) => name.startsWith('notify_')).length;
}

function putNumber(index: number): Promise<unknown> {
  const number = `06${String(index).padStart(8, '0')}`;
  const line = { lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [number] };
  return every.story.settings.putLine(line);
}
