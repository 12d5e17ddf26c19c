import { benchCall, benchNumber, publishMany } from './call-load.ts';
import type { Figures } from './figures.ts';
import { startMeasuredNotifier } from './measured-notifier.ts';
import { beginAtEnd, copyLine, prepareTopics, seedLines, seedSettings } from './prepare.ts';
import type { Scene } from './scenario.ts';
import { startSmtpSink } from './smtp-sink.ts';
import { median, ratios, rounded } from './statistics.ts';
import { untilSettled, type NotifierRun } from './watch-notifiers.ts';

const MANY_NUMBERS = 1_000_000;
const NUMBERS_OF_A_LINE = 100;
/** The first number with five recipients, above the numbers of all other scenarios. */
const FIVE_FROM = 5_000_000;
const FIVE_NUMBERS = 2_000;
/** A call that becomes a mail costs about as much as this many that do not. */
const CALLS_PER_MAIL = 20;

type Name = 'small' | 'numbers' | 'partitions' | 'size1' | 'size4' | 'recipient' | 'recipients';

/** One way in which an installation grows. */
interface Way {
  readonly name: Name;
  readonly title: string;
  readonly partitions?: number;
  /** Mails for each call. */
  readonly mails: number;
  readonly call: (run: string, index: number) => ReturnType<typeof benchCall>;
}

const WAYS: readonly Way[] = [
  {
    name: 'small',
    title: '20,000 numbers, 12 partitions',
    mails: 0,
    call: (run, index) => benchCall(run, index, 'answered'),
  },
  {
    name: 'numbers',
    title: '1,000,000 numbers',
    mails: 0,
    call: (run, index) => {
      const place = (index * 7_919) % MANY_NUMBERS;
      const lineNumber = manyNumber(place - (place % NUMBERS_OF_A_LINE));
      return benchCall(run, index, 'answered', { number: manyNumber(place), lineNumber });
    },
  },
  {
    name: 'partitions',
    title: '48 partitions',
    partitions: 48,
    mails: 0,
    call: (run, index) => benchCall(run, index, 'answered'),
  },
  {
    name: 'size1',
    title: 'events larger by 1 KB',
    mails: 0,
    call: (run, index) => benchCall(run, index, 'answered', { padding: 1_024 }),
  },
  {
    name: 'size4',
    title: 'events larger by 4 KB',
    mails: 0,
    call: (run, index) => benchCall(run, index, 'answered', { padding: 4_096 }),
  },
  {
    name: 'recipient',
    title: 'one recipient a call',
    mails: 1,
    call: (run, index) => benchCall(run, index, 'unanswered'),
  },
  {
    name: 'recipients',
    title: 'five recipients a call',
    mails: 5,
    call: (run, index) =>
      benchCall(run, index, 'unanswered', {
        number: benchNumber(FIVE_FROM + (index % FIVE_NUMBERS)),
      }),
  },
];

function manyNumber(place: number): string {
  return benchNumber(10_000_000 + place);
}

/** Those that have a target, each as a ratio to the first one. */
const RATIOS = { numbers: 'millionNumbersRatio', partitions: 'partitions48Ratio', size4: 'largeEventsRatio' };

/** Those that this scene measures: without `smtp-sink`, none with mails. */
function waysOf({ size, postfix }: Scene): readonly Way[] {
  return WAYS.filter(
    ({ name, mails }) =>
      (mails === 0 || postfix !== undefined) && (!size.fewWays || name === 'small' || name in RATIOS),
  );
}

/** Measures what a call costs with more numbers, partitions, bytes or recipients: one process, in alternated rounds. */
export async function growth(scene: Scene): Promise<Figures> {
  const { servers, size, say } = scene;
  const ways = waysOf(scene);
  await seed(scene);
  for (const way of ways) {
    await prepareTopics(servers, prefixOf(way), way.partitions);
    if (way.mails === 0) await publish(scene, way, 'all');
  }
  const runs = new Map<Way, NotifierRun[]>(ways.map((way) => [way, []]));
  for (let round = 1; round <= size.rounds; round += 1) {
    for (const way of round % 2 === 1 ? ways : ways.toReversed()) {
      say(`Growing, round ${round} of ${size.rounds}: ${way.title}`);
      runs.get(way)?.push(await work(scene, way, round));
    }
  }
  return figures(scene, runs);
}

async function seed({ servers, say }: Scene): Promise<void> {
  say(`Writing ${MANY_NUMBERS} numbers`);
  const [first = [], ...others] = Array.from({ length: MANY_NUMBERS / NUMBERS_OF_A_LINE }, (_, line) =>
    Array.from({ length: NUMBERS_OF_A_LINE }, (_number, index) =>
      manyNumber(line * NUMBERS_OF_A_LINE + index),
    ),
  );
  // The same notice as that of the 20,000, so that both read documents of the same size.
  await seedLines(servers, [first], 1);
  await copyLine(servers, first, others);
  const five = Array.from({ length: FIVE_NUMBERS }, (_, index) => benchNumber(FIVE_FROM + index));
  await seedSettings(servers, five, 5);
}

function callsOf({ size }: Scene, { mails }: Way): number {
  return mails === 0 ? size.growing : Math.round(size.growing / CALLS_PER_MAIL / mails);
}

function prefixOf({ name }: Way): string {
  return `bench-grow-${name}.`;
}

function topicOf(way: Way): string {
  return `${prefixOf(way)}call-events`;
}

async function publish(scene: Scene, way: Way, run: string): Promise<void> {
  const count = callsOf(scene, way);
  scene.say(`Publishing ${count} calls: ${way.title}`);
  await publishMany(scene.servers, topicOf(way), count, (index) => way.call(`${way.name}-${run}`, index));
}

async function work(scene: Scene, way: Way, round: number): Promise<NotifierRun> {
  const groupId = `bench-grow-${way.name}-${round}`;
  if (way.mails > 0) {
    // Calls that were mailed are not mailed again, so each round publishes its own.
    await beginAtEnd(scene.servers, `${groupId}-main`, topicOf(way));
    await publish(scene, way, String(round));
  }
  const sink = way.mails > 0 && scene.postfix ? await startSmtpSink(scene.postfix) : undefined;
  const notifier = await startMeasuredNotifier(scene.servers, {
    lane: 'main',
    topicPrefix: prefixOf(way),
    groupId,
    smtpUrl: sink?.url ?? scene.servers.SMTP_URL,
  });
  try {
    return await untilSettled([notifier], callsOf(scene, way));
  } finally {
    await notifier.stop();
    await sink?.close();
  }
}

function figures({ report }: Scene, runs: ReadonlyMap<Way, readonly NotifierRun[]>): Figures {
  const found: Record<string, number> = {};
  for (const [{ name, title, mails }, of] of runs) {
    const each = Math.max(1, mails);
    const what = mails === 0 ? 'events' : 'mails';
    const rates = of.map(({ eventsPerSecond }) => eventsPerSecond * each);
    const costs = of.map(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion / each);
    const memory = of.map(({ residentMB }) => residentMB);
    report.add(`${title}: rate`, rates, `${what}/s`);
    report.add(`${title}: CPU for a million ${what}`, costs, 's', 1);
    report.add(`${title}: resident memory, most`, memory, 'MB');
    found[`${name}PerSecond`] = rounded(median(rates));
    found[`${name}CpuSecondsPerMillion`] = rounded(median(costs), 1);
    found[`${name}MB`] = rounded(median(memory));
  }
  return { deciding: ratiosOf(report, runs), growth: found };
}

function ratiosOf(
  report: Scene['report'],
  runs: ReadonlyMap<Way, readonly NotifierRun[]>,
): Readonly<Record<string, number>> {
  const rates = new Map<string, number[]>();
  for (const [{ name }, of] of runs)
    rates.set(
      name,
      of.map(({ eventsPerSecond }) => eventsPerSecond),
    );
  const found = Object.entries(RATIOS).map(([name, figure]) => {
    const each = ratios(rates.get(name) ?? [], rates.get('small') ?? []);
    report.add(`deciding: ${figure}`, each, '×', 2);
    return [figure, rounded(median(each), 3)] as const;
  });
  return Object.fromEntries(found);
}
