import { seriesOf, type LabelValues, type MetricDeclaration } from '#metrics';
import { METRICS_OF_APPS } from './metrics-of-apps.ts';

type App = keyof typeof METRICS_OF_APPS;
const APPS = Object.keys(METRICS_OF_APPS) as App[];

/** A metric, with the apps that serve it; what they declare differently is told together. */
interface Served {
  readonly metric: MetricDeclaration;
  readonly apps: readonly App[];
  readonly labels: ReadonlyMap<string, readonly LabelValues[]>;
}

const OPENING = `# Metrics

Made from the metrics' declarations by \`npm run docs\`; a test compares it with a scrape of each app.

Every app serves \`/metrics\` for Prometheus. What to look at first is in the [runbook](runbook.md), what to do in its
sections for each alert; [ops/prometheus](../ops/prometheus) has the rules, [ops/grafana](../ops/grafana) the dashboards.

No label holds a number, an address or a name of a subscriber. Every label's values are a closed list, and the series are
there from the start, at zero, so that \`increase()\` sees the first time too; where that would be too many it is said.
A scrape costs the same whatever the number of subscribers: it reads what the process holds, and asks Redis for \`INFO\`,
for the lengths of the outboxes and for at most 100 of their entries.`;

const OF_THE_PROCESS = `What prom-client collects of each Node process: \`process_*\` (CPU seconds, memory, open files, start time),
\`nodejs_eventloop_lag_*\` (how late timers fire), \`nodejs_heap_*\`, \`nodejs_gc_duration_seconds\` by \`kind\`,
\`nodejs_active_*\` (handles, requests, resources by \`type\`) and \`nodejs_version_info\`.`;

const BUCKETS =
  'A histogram has `_bucket`, `_sum` and `_count`; `le` is the upper bound of a bucket, and its last one is `+Inf`:';

/** The text of `docs/metrics.md`, generated from the declarations that the metrics are created from. */
export function metricsPage(): string {
  const served = servedMetrics();
  const counts = APPS.map((app) => `| ${app} | ${METRICS_OF_APPS[app].length} | ${seriesCount(app)} |`);
  const sections = [
    OPENING,
    table(['metric', 'type', 'unit', 'of', 'what it says'], served.map(metricRow)),
    BUCKETS,
    table(['histogram', '`le`'], served.flatMap(bucketRow)),
    '## Labels',
    table(['metric', 'label', 'values'], served.flatMap(labelRows)),
    '## On first use',
    table(['metric', 'why not from the start'], served.flatMap(firstUseRow)),
    '## Of the process',
    OF_THE_PROCESS,
    '## How many',
    table(['app', 'metrics', 'series at the start, besides those of the process'], counts),
  ];
  return `${sections.join('\n\n')}\n`;
}

const table = (columns: readonly string[], rows: readonly string[]): string =>
  [`| ${columns.join(' | ')} |`, `|${'---|'.repeat(columns.length)}`, ...rows].join('\n');

/** Every metric by its name. */
function servedMetrics(): readonly Served[] {
  const names = new Set(APPS.flatMap((app) => METRICS_OF_APPS[app].map(({ name }) => name)));
  return [...names].toSorted().flatMap((wanted) => {
    const found = APPS.flatMap((app) => {
      const metric = (METRICS_OF_APPS[app] as readonly MetricDeclaration[]).find(
        ({ name }) => name === wanted,
      );
      return metric ? [{ app, metric }] : [];
    });
    const [first] = found;
    if (!first) return [];
    const valuesOf = (label: string): LabelValues[] =>
      found.flatMap(({ metric }) => {
        const values = metric.labels[label];
        return values ? [values] : [];
      });
    const labels = Object.keys(first.metric.labels).map((label) => [label, valuesOf(label)] as const);
    return [{ metric: first.metric, apps: found.map(({ app }) => app), labels: new Map(labels) }];
  });
}

const metricRow = ({ metric: { name, type, help }, apps }: Served): string =>
  `| \`${name}\` | ${type} | ${unitOf(name)} | ${apps.length === APPS.length ? 'all' : apps.join(', ')} | ${help} |`;

function bucketRow({ metric: { name, buckets } }: Served): string[] {
  return buckets ? [`| \`${name}\` | ${buckets.join(', ')} |`] : [];
}

const labelRows = ({ metric: { name }, labels }: Served): string[] =>
  [...labels].map(([label, values]) => `| \`${name}\` | \`${label}\` | ${shownValues(label, values)} |`);

/** A status of HTTP needs no list. */
function shownValues(label: string, values: readonly LabelValues[]): string {
  if (label === 'status') return 'a status of HTTP (RFC 9110)';
  const texts = values.flatMap((one) =>
    'inWords' in one ? [one.inWords] : one.map((value) => `\`${value}\``),
  );
  return [...new Set(texts)].join(', ');
}

function firstUseRow({ metric: { name, onFirstUse, labels } }: Served): string[] {
  const isInWords = Object.values(labels).some((values) => 'inWords' in values);
  const why = onFirstUse ?? (isInWords ? 'it is set once, when the process starts' : undefined);
  return why === undefined ? [] : [`| \`${name}\` | ${why} |`];
}

/** The unit that a name ends in. */
function unitOf(name: string): string {
  if (name.endsWith('_timestamp_seconds')) return 'Unix time';
  if (name.endsWith('_seconds')) return 'seconds';
  return name.endsWith('_ratio') ? '0 to 1' : '';
}

/** The lines of a scrape at the start, of the metrics that are declared. */
function seriesCount(app: App): number {
  return (METRICS_OF_APPS[app] as readonly MetricDeclaration[]).reduce(
    (sum, metric) => sum + seriesOf(metric).length * (metric.buckets ? metric.buckets.length + 3 : 1),
    0,
  );
}
