import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { build } from '../../tools/build.ts';
import { withBenchServers, type BenchServers } from './bench-servers.ts';
import { publishCalls } from './call-load.ts';
import { runBare, runNotifier } from './deciding.ts';
import type { DecidingRun } from './measured-notifier.ts';
import { prepareTopics, seedSettings } from './prepare.ts';
import { describeSpread, median } from './statistics.ts';

const NUMBERS = 20_000;
const EVENTS = { quick: 300_000, whole: 1_000_000 };
const ROUNDS = { quick: 3, whole: 5 };

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function bench(servers: BenchServers): Promise<object> {
  const size = options.quick ? 'quick' : 'whole';
  const events = EVENTS[size];
  await prepareTopics(servers);
  say(`Writing the settings of ${NUMBERS} numbers`);
  await seedSettings(servers, NUMBERS);
  say(`Publishing ${events} calls that become no mail`);
  await publishCalls(servers.KAFKA_BROKERS, `${servers.topicPrefix}call-events`, events, NUMBERS, 'answered');
  const bare: DecidingRun[] = [];
  const ours: DecidingRun[] = [];
  for (let round = 1; round <= ROUNDS[size]; round++) {
    say(`Round ${round} of ${ROUNDS[size]}: the bare consumer, then the notifier`);
    bare.push(await runBare(servers, events));
    ours.push(await runNotifier(servers, events));
  }
  const rates = {
    bare: bare.map((run) => run.eventsPerSecond),
    ours: ours.map((run) => run.eventsPerSecond),
  };
  say(`bare kafkajs eachBatch, JSON.parse   ${describeSpread(rates.bare, 'events/s')}`);
  say(`deciding, outcomes published         ${describeSpread(rates.ours, 'events/s')}`);
  say(
    `resident memory at full speed        ${describeSpread(
      ours.map((run) => run.residentMB ?? 0),
      'MB',
    )}`,
  );
  return {
    host: { cores: cpus().length, node: process.version },
    deciding: {
      eventsPerSecond: Math.round(median(rates.ours)),
      vsBareKafkajs: Number(
        median(rates.ours.map((rate, round) => rate / (rates.bare[round] ?? NaN))).toFixed(3),
      ),
    },
    memory: { fullSpeedMB: Math.round(median(ours.map((run) => run.residentMB ?? 0))) },
  };
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort());
say('Compiling');
await build();
const figures = await withBenchServers(say, interrupted.signal, bench);
if (options.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
