import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build } from '../../tools/build.ts';
import { readArguments } from '../../tools/run-command.ts';
import { DECIDING_PREFIX, MAILING_PREFIX, withBenchServers, type BenchServers } from './bench-servers.ts';
import { benchCall, benchNumber, NUMBERS, publishMany } from './call-load.ts';
import { Chart } from './chart.ts';
import type { Figures } from './figures.ts';
import { hostOf } from './host.ts';
import { compareWithKept } from './kept.ts';
import { prepareTopics, seedSettings } from './prepare.ts';
import { findPostfixTools } from './postfix-tools.ts';
import { Report } from './report.ts';
import type { Scene, Size } from './scenario.ts';
import { runScenario, SCENARIOS } from './scenarios.ts';

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
    starts: 5,
    fewWays: true,
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
    starts: 9,
    fewWays: false,
    outcomes: 1_000_000,
  },
};
const NAMES = Object.keys(SCENARIOS);
const USAGE = `npm run bench [-- --quick --json --compare --rounds N --chart FILE --only NAME,…]
  names: ${NAMES.join(', ')}`;

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
  const unknown = values.only?.split(',').find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new Error(`--only: there is no scenario "${unknown}"`);
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds))
    throw new Error('--rounds: expected a whole number above 0');
  return values;
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
const options = readArguments(USAGE, parseOptions);
/** Says what is next; when interrupted, nothing is: what has been started is stopped. */
const say = (text: string): void => {
  interrupted.signal.throwIfAborted();
  process.stderr.write(`${text}\n`);
};
const wanted = NAMES.filter((name) => {
  if (options.only !== undefined) return options.only.split(',').includes(name);
  return !options.quick || SCENARIOS[name]?.isLong !== true;
});
const needsPrepared = (what: 'settings' | 'calls'): boolean =>
  wanted.some((name) => SCENARIOS[name]?.prepared === what);

async function prepare(servers: BenchServers, calls: number): Promise<void> {
  await prepareTopics(servers, DECIDING_PREFIX);
  await prepareTopics(servers, MAILING_PREFIX);
  say(`Writing the settings of ${NUMBERS} numbers`);
  await seedSettings(
    servers,
    Array.from({ length: NUMBERS }, (_, index) => benchNumber(index)),
  );
  if (!needsPrepared('calls')) return;
  say(`Publishing ${calls} calls that become no mail`);
  const topic = `${DECIDING_PREFIX}call-events`;
  await publishMany(servers, topic, calls, (index) => benchCall('call', index, 'answered'));
}

async function bench(servers: BenchServers): Promise<Figures> {
  const planned = SIZES[options.quick ? 'quick' : 'whole'];
  const size = { ...planned, rounds: Number(options.rounds ?? planned.rounds) };
  const postfix = await findPostfixTools(say, interrupted.signal);
  const scene: Scene = { servers, size, report: new Report(), chart: new Chart(), say, postfix };
  if (needsPrepared('settings') || needsPrepared('calls')) await prepare(servers, size.calls);
  let figures: Figures = { host: await hostOf(servers, postfix !== undefined) };
  for (const name of wanted) {
    try {
      figures = await runScenario(name, scene, figures);
    } catch (error) {
      // A long run keeps the figures of the others.
      say(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`);
      process.exitCode = 1;
    }
  }
  say(`\n${scene.report.toString()}\n`);
  if (options.chart !== undefined) await writeFile(options.chart, scene.chart.toSvg());
  return figures;
}

say('Compiling');
await build();
const figures = await withBenchServers(say, interrupted.signal, bench);
if (options.compare && !(await compareWithKept(figures, say))) process.exitCode = 1;
if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
