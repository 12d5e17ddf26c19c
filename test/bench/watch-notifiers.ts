import { setTimeout as delay } from 'node:timers/promises';
import type { MeasuredNotifier, Sample } from './measured-notifier.ts';

const POLL_MS = 100;
const LIMIT_MS = 300_000;

/** One run of one or several notifiers that share the work. */
export interface NotifierRun {
  readonly eventsPerSecond: number;
  /** The maximum resident memory of one process, MB. */
  readonly residentMB: number;
  readonly cpuSecondsPerMillion: number;
  /** All samples, for the chart. */
  readonly samples: readonly Sample[];
}

/**
 * Resolves when the notifiers together have settled this many events. Rate and cost are measured between 10 % and 90 % of
 * the events, and only after every notifier has begun. `onSample` gets every sample.
 */
export async function untilSettled(
  notifiers: readonly MeasuredNotifier[],
  events: number,
  onSample: (sample: Sample) => void = () => undefined,
): Promise<NotifierRun> {
  const end = Date.now() + LIMIT_MS;
  const samples: Sample[] = [];
  let first: Sample | undefined;
  let last: Sample | undefined;
  for (;;) {
    const each = await Promise.all(notifiers.map((notifier) => notifier.sample()));
    const now = together(each);
    samples.push(now);
    onSample(now);
    if (now.settled >= events * 0.1 && each.every(({ settled }) => settled > 0)) first ??= now;
    if (first && (now.settled <= events * 0.9 || last === undefined || last === first)) last = now;
    if (now.settled >= events) break;
    if (Date.now() > end) throw new Error(`Only ${now.settled} of ${events} events were settled in time`);
    await delay(POLL_MS);
  }
  return {
    ...between(first, last),
    residentMB: Math.max(...samples.map(({ residentMB }) => residentMB)),
    samples,
  };
}

function together(samples: readonly Sample[]): Sample {
  return {
    at: performance.now(),
    settled: samples.reduce((sum, { settled }) => sum + settled, 0),
    residentMB: Math.max(...samples.map(({ residentMB }) => residentMB)),
    cpuSeconds: samples.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

function between(
  first: Sample | undefined,
  last: Sample | undefined,
): Pick<NotifierRun, 'eventsPerSecond' | 'cpuSecondsPerMillion'> {
  if (!first || !last || first === last) throw new Error('The run was too short to be measured');
  const settled = last.settled - first.settled;
  return {
    eventsPerSecond: (settled / (last.at - first.at)) * 1000,
    cpuSecondsPerMillion: ((last.cpuSeconds - first.cpuSeconds) / settled) * 1_000_000,
  };
}
