import { aftermathOf, OUTAGES } from './aftermath-of.ts';
import { assuming, ASSUMPTIONS, type Assumptions } from './assumptions.ts';
import { deploymentFor, type Deployment } from './deployment.ts';
import { simulatePartitions } from './simulate-partitions.ts';

type Table = readonly (readonly string[])[];

const MILLION = 1_000_000;
const SIZES = [1, 10, 60];
const SEED = 8;
const LINES = 100_000;

const whole = (value: number): string => Math.ceil(value).toLocaleString('en');
const decimal = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
const gigabytes = (bytes: number): string => `${decimal(bytes / 1e9)} GB`;

/** Each row of a deployment, in the operator's words. */
const ROWS: readonly (readonly [what: string, shown: (deployment: Deployment) => string])[] = [
  ['calls a second at the peak', (of) => whole(of.callsPerSecond)],
  ['mails a second at the peak', (of) => whole(of.mailsPerSecond)],
  ['to the mail relay', (of) => `${whole(of.mailBitsPerSecond / 1e6)} Mbit/s`],
  ['notifiers for `main`', (of) => whole(of.mainNotifiers)],
  ['notifiers for `retry`', (of) => whole(of.retryNotifiers)],
  ['notifiers for `access`', (of) => whole(of.accessNotifiers)],
  ['memory of each', (of) => `${whole(of.notifierMegabytes)} MB`],
  ['settings APIs', (of) => whole(of.settingsApis)],
  ['sites', (of) => whole(of.sites)],
  ['partitions of `call-events`', (of) => whole(of.partitions)],
  ['Kafka brokers', (of) => whole(of.brokers)],
  ['disk of each', (of) => gigabytes(of.brokerDiskBytes)],
  ['written by each at the peak', (of) => `${decimal(of.brokerBytesPerSecond / 1e6)} MB/s`],
  ['Redis masters: settings, ledger', (of) => whole(of.redisShards)],
  ['data of each', (of) => gigabytes(of.redisShardBytes)],
  ['Redis masters: history', (of) => whole(of.historyShards)],
  ['data of each ', (of) => gigabytes(of.historyShardBytes)],
];

/** A deployment as rows of two columns. */
export function deploymentRows(given: Assumptions): Table {
  const deployment = deploymentFor(given);
  return ROWS.map(([what, shown]) => [what, shown(deployment)]);
}

/** What outages do to it, a row each. */
export function outageRows(given: Assumptions): Table {
  const deployment = deploymentFor(given);
  return OUTAGES.map((outage) => {
    const { caughtUpSeconds, callsWaiting, oldestSeconds } = aftermathOf(deployment, outage);
    const minutes = caughtUpSeconds === null ? 'not in a day' : `${decimal(caughtUpSeconds / 60)} min`;
    return [outage.what, whole(callsWaiting), `${decimal(oldestSeconds / 60)} min`, minutes];
  });
}

/** The tables of docs/sizing.md, by the name of their place in it. */
export function sizingTables(): ReadonlyMap<string, string> {
  const sizes = SIZES.map((millions) => assuming({ numbers: millions * MILLION }));
  const columns = sizes.map(deploymentRows);
  const deployments = ROWS.map(([what], row) => [what, ...columns.map((column) => column[row]?.[1] ?? '')]);
  const largest = assuming({ numbers: 60 * MILLION });
  return new Map([
    ['assumptions', markdown(['assumption', 'usual', 'option'], assumptionRows())],
    ['deployments', markdown(['', ...SIZES.map((size) => `${size} million numbers`)], deployments)],
    [
      'outages',
      markdown(
        ['away in the busiest hour', 'calls waiting', 'oldest', 'caught up after'],
        outageRows(largest),
      ),
    ],
    [
      'partitions',
      markdown(
        ['notifiers', 'partitions', 'busiest ÷ mean', 'partitions that move with one more'],
        partitionRows(),
      ),
    ],
  ]);
}

function assumptionRows(): Table {
  return ASSUMPTIONS.map(({ text, usual, flag }) => [text, usual.toLocaleString('en'), `\`--${flag}\``]);
}

function partitionRows(): Table {
  const cases = [
    [3, 12],
    [12, 12],
    [12, 24],
    [36, 72],
    [100, 200],
    [100, 240],
    [100, 300],
  ] as const;
  return cases.map(([processes, partitions]) => {
    const { busiest, moved } = simulatePartitions({ processes, partitions, lines: LINES }, SEED);
    return [whole(processes), whole(partitions), busiest.toFixed(2), `${Math.round(moved * 100)} %`];
  });
}

function markdown(head: readonly string[], rows: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
