import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from '../../tools/build.ts';
import { readArguments } from '../../tools/run-command.ts';
import { access } from './access.ts';
import { DECIDING_PREFIX, MAILING_PREFIX, withBenchServers, type BenchServers } from './bench-servers.ts';
import { benchCall, benchNumber, NUMBERS, publishMany } from './call-load.ts';
import { Chart } from './chart.ts';
import { cluster } from './cluster.ts';
import { deciding } from './deciding.ts';
import { merged, type Figures } from './figures.ts';
import { growth } from './growth.ts';
import { history } from './history.ts';
import { hostOf } from './host.ts';
import { compareWithKept } from './kept.ts';
import { latency } from './latency.ts';
import { mailing } from './mailing.ts';
import { recovery } from './recovery.ts';
import { prepareTopics, seedSettings } from './prepare.ts';
import { Report } from './report.ts';
import type { Scene, Size } from './scenario.ts';
import { site } from './site.ts';
import { storage } from './storage.ts';
import { traces } from './traces.ts';

const SIZES: Readonly<Record<'quick' | 'whole', Size>> = {
  quick: {
    rounds: 3,
    calls: 300_000,
    mails: 20_000,
    clusterMails: 10_000,
    waiting: 200_000,
    growing: 100_000,
    stockNestCalls: 180_000,
    nodemailerMails: 3_000,
    latencySeconds: 5,
    outcomes: 300_000,
  },
  whole: {
    rounds: 5,
    calls: 1_000_000,
    mails: 60_000,
    clusterMails: 60_000,
    waiting: 1_000_000,
    growing: 200_000,
    stockNestCalls: 300_000,
    nodemailerMails: 6_000,
    latencySeconds: 20,
    outcomes: 1_000_000,
  },
};
/** The full speed assumed by `latency` when mailing is not measured, mails a second. */
const ASSUMED_SPEED = 4_000;

/** In order; those from `cluster` on are slow, and no part of a quick run. */
const ALL_SCENARIOS = [
  'deciding',
  'traces',
  'mailing',
  'latency',
  'access',
  'storage',
  'cluster',
  'recovery',
  'growth',
  'history',
  'site',
];
const USAGE = `npm run bench [-- --quick --json --compare --rounds N --chart FILE --only NAME,…]
  names: ${ALL_SCENARIOS.join(', ')}`;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      chart: { type: 'string' },
      compare: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only?.split(',').find((name) => !ALL_SCENARIOS.includes(name));
  if (unknown !== undefined) throw new Error(`--only: there is no scenario "${unknown}"`);
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds))
    throw new Error('--rounds: expected a whole number above 0');
  return values;
}

const options = readArguments(USAGE, parseOptions);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
/** The scenarios that run without `--only`. */
const SCENARIOS = options.quick ? ALL_SCENARIOS.slice(0, ALL_SCENARIOS.indexOf('cluster')) : ALL_SCENARIOS;
/** These scenarios prepare their own topics and settings. */
const OWN_SERVERS = new Set(['cluster', 'history', 'site', 'storage']);
const wanted = new Set(options.only?.split(',') ?? SCENARIOS);

async function prepare(servers: BenchServers, calls: number): Promise<void> {
  await prepareTopics(servers, DECIDING_PREFIX);
  await prepareTopics(servers, MAILING_PREFIX);
  say(`Writing the settings of ${NUMBERS} numbers`);
  await seedSettings(
    servers,
    Array.from({ length: NUMBERS }, (_, index) => benchNumber(index)),
  );
  if (!['deciding', 'traces', 'access'].some((name) => wanted.has(name))) return;
  say(`Publishing ${calls} calls that become no mail`);
  const topic = `${DECIDING_PREFIX}call-events`;
  await publishMany(servers, topic, calls, (index) => benchCall('call', index, 'answered'));
}

async function bench(servers: BenchServers): Promise<Figures> {
  const planned = SIZES[options.quick ? 'quick' : 'whole'];
  const size = { ...planned, rounds: Number(options.rounds ?? planned.rounds) };
  const scene: Scene = { servers, size, report: new Report(), chart: new Chart(), say };
  if ([...wanted].some((name) => !OWN_SERVERS.has(name))) await prepare(servers, size.calls);
  let figures: Figures = { host: await hostOf(servers) };
  if (wanted.has('deciding')) figures = merged(figures, await deciding(scene));
  if (wanted.has('traces')) figures = merged(figures, await traces(scene));
  if (wanted.has('mailing')) figures = merged(figures, await mailing(scene));
  const speed = figures['mailing']?.['mailsPerSecond'];
  if (wanted.has('cluster')) figures = merged(figures, await cluster(scene));
  if (wanted.has('latency'))
    figures = merged(figures, await latency(scene, typeof speed === 'number' ? speed : ASSUMED_SPEED));
  if (wanted.has('access')) figures = merged(figures, await access(scene));
  if (wanted.has('recovery')) figures = merged(figures, await recovery(scene));
  if (wanted.has('growth')) figures = merged(figures, await growth(scene));
  if (wanted.has('history')) figures = merged(figures, await history(scene));
  if (wanted.has('storage')) figures = merged(figures, await storage(scene));
  if (wanted.has('site')) figures = merged(figures, await site(scene));
  say(`\n${scene.report.toString()}\n`);
  if (options.chart !== undefined) await writeFile(options.chart, scene.chart.toSvg());
  return figures;
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
say('Compiling');
await build();
const figures = await withBenchServers(say, interrupted.signal, bench);
if (options.compare) process.exitCode = (await compareWithKept(figures, say)) ? 0 : 1;
if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
