import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { decide } from './deciding.ts';
import type { Figures } from './figures.ts';
import type { Scene } from './scenario.ts';
import { median, ratios, rounded } from './statistics.ts';
import type { NotifierRun } from './watch-notifiers.ts';

const SINK = fileURLToPath(new URL('otlp-sink-child.ts', import.meta.url));

/** What the notifier is told about traces: nothing, or to sample this part of the events, whose own trace says nothing. */
const sampling = (url: string, part: string): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: part,
});

/** Measures what traces cost while calls are decided that become no mail: off, of 1 % of the events, of all. */
export async function traces(scene: Scene): Promise<Figures> {
  const child = fork(SINK);
  try {
    const [port] = (await once(child, 'message')) as [number];
    return await measured(scene, `http://127.0.0.1:${port}`);
  } finally {
    const exit = once(child, 'exit');
    child.disconnect();
    await exit;
  }
}

async function measured(scene: Scene, url: string): Promise<Figures> {
  const { size, report, say } = scene;
  const off: NotifierRun[] = [];
  const some: NotifierRun[] = [];
  const all: NotifierRun[] = [];
  for (let round = 1; round <= size.rounds; round += 1) {
    say(`Traces, round ${round} of ${size.rounds}`);
    off.push(await decide(scene, 1));
    some.push(await decide(scene, 1, sampling(url, '0.01')));
    all.push(await decide(scene, 1, sampling(url, '1')));
  }
  const rate = (runs: readonly NotifierRun[]): number[] => runs.map(({ eventsPerSecond }) => eventsPerSecond);
  const cost = (runs: readonly NotifierRun[]): number[] => runs.map((run) => run.cpuSecondsPerMillion);
  report.add('deciding, traces off', rate(off), 'events/s');
  report.add('deciding, 1 % sampled', rate(some), 'events/s');
  report.add('deciding, all sampled', rate(all), 'events/s');
  report.add('1 % sampled ÷ off', ratios(rate(some), rate(off)), '×', 2);
  report.add('all sampled ÷ off', ratios(rate(all), rate(off)), '×', 2);
  report.add('traces off: CPU for a million events', cost(off), 's', 1);
  report.add('1 % sampled: CPU for a million events', cost(some), 's', 1);
  report.add('all sampled: CPU for a million events', cost(all), 's', 1);
  return {
    traces: {
      onRatio: rounded(median(ratios(rate(some), rate(off))), 3),
      allRatio: rounded(median(ratios(rate(all), rate(off))), 3),
      cpuOff: rounded(median(cost(off)), 1),
      cpuOn: rounded(median(cost(some)), 1),
      cpuAll: rounded(median(cost(all)), 1),
    },
  };
}
