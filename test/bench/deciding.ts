import { DECIDING_PREFIX } from './bench-servers.ts';
import { runContender } from './contender.ts';
import { startMeasuredNotifier } from './measured-notifier.ts';
import type { Figures } from './figures.ts';
import type { Scene } from './scenario.ts';
import { median, ratios, rounded } from './statistics.ts';
import { untilSettled, type NotifierRun } from './watch-notifiers.ts';

const TOPIC = `${DECIDING_PREFIX}call-events`;
let groups = 0;

/** Works off all calls from the first one, with the given number of processes in a new group, and `more` variables. */
export async function decide(
  { servers, size }: Scene,
  processes: number,
  more: Readonly<Record<string, string>> = {},
): Promise<NotifierRun> {
  groups += 1;
  const options = {
    lane: 'main',
    topicPrefix: DECIDING_PREFIX,
    groupId: `bench-deciding-${groups}`,
    smtpUrl: servers.SMTP_URL,
    more,
  } as const;
  const notifiers = await Promise.all(
    Array.from({ length: processes }, () => startMeasuredNotifier(servers, options)),
  );
  try {
    return await untilSettled(notifiers, size.calls);
  } finally {
    await Promise.all(notifiers.map((notifier) => notifier.stop()));
  }
}

/** Measures calls that become no mail: by one process, by two, and compared to bare kafkajs and stock Nest. */
export async function deciding(scene: Scene): Promise<Figures> {
  const { servers, size, say } = scene;
  const bare: number[] = [];
  const nest: number[] = [];
  const one: NotifierRun[] = [];
  const two: NotifierRun[] = [];
  for (let round = 1; round <= size.rounds; round += 1) {
    say(`Deciding, round ${round} of ${size.rounds}`);
    bare.push(await runContender('bare-consumer.ts', [servers.KAFKA_BROKERS, TOPIC, size.calls]));
    one.push(await decide(scene, 1));
    nest.push(
      await runContender('stock-nest-consumer.ts', [servers.KAFKA_BROKERS, TOPIC, size.stockNestCalls]),
    );
    two.push(await decide(scene, 2));
  }
  return figures(scene, { bare, nest, one, two });
}

interface Runs {
  readonly bare: readonly number[];
  readonly nest: readonly number[];
  readonly one: readonly NotifierRun[];
  readonly two: readonly NotifierRun[];
}

function figures({ report, chart }: Scene, { bare, nest, one, two }: Runs): Figures {
  const ours = one.map(({ eventsPerSecond }) => eventsPerSecond);
  const both = two.map(({ eventsPerSecond }) => eventsPerSecond);
  const cost = one.map(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion);
  const memory = one.map(({ residentMB }) => residentMB);
  chart.add('deciding, one process', one[0]?.samples ?? []);
  chart.add('deciding, two', two[0]?.samples ?? []);
  report.add('bare kafkajs eachBatch with JSON.parse', bare, 'events/s');
  report.add('stock Nest Kafka server, nothing done', nest, 'events/s');
  report.add('deciding: outcomes published, committed', ours, 'events/s');
  report.add('deciding ÷ bare kafkajs', ratios(ours, bare), '×', 2);
  report.add('deciding ÷ stock Nest', ratios(ours, nest), '×', 2);
  report.add('deciding, two processes', both, 'events/s');
  report.add('two processes ÷ one', ratios(both, ours), '×', 2);
  report.add('deciding: resident memory, most', memory, 'MB');
  report.add('deciding: CPU for a million events', cost, 's', 1);
  return {
    deciding: {
      eventsPerSecond: rounded(median(ours)),
      vsBareKafkajs: rounded(median(ratios(ours, bare)), 3),
      vsStockNest: rounded(median(ratios(ours, nest)), 3),
    },
    scale: { twoProcesses: rounded(median(ratios(both, ours)), 3) },
    memory: { fullSpeedMB: rounded(median(memory)) },
    cost: { cpuSecondsPerMillionDecided: rounded(median(cost), 1) },
  };
}
