import { MAILING_PREFIX } from './bench-servers.ts';
import { benchCall, benchNumber, NUMBERS, withProducer } from './call-load.ts';
import { startMeasuredNotifier } from './measured-notifier.ts';
import { beginAtEnd } from './prepare.ts';
import { startRecordingSink, type RecordingSink } from './recording-sink.ts';
import type { Figures } from './figures.ts';
import type { Scene } from './scenario.ts';
import { percentile, rounded } from './statistics.ts';
import { publishedToTaken } from './timed-events.ts';

const TOPIC = `${MAILING_PREFIX}call-events`;
const IDLE_PER_SECOND = 30;
const WARM_UP = 2_000;

/** Measures the time from a published call to its accepted mail, when idle and at half of `fullSpeed` (mails a second). */
export async function latency(scene: Scene, fullSpeed: number): Promise<Figures> {
  const { servers, say } = scene;
  const sink = await startRecordingSink();
  const groupId = 'bench-latency';
  await beginAtEnd(servers, `${groupId}-main`, TOPIC);
  const options = { lane: 'main', topicPrefix: MAILING_PREFIX, groupId, smtpUrl: sink.url } as const;
  const notifier = await startMeasuredNotifier(servers, options);
  try {
    await notifier.ready();
    say('Latency, warming up');
    await measure(scene, sink, { name: 'warm', perSecond: fullSpeed / 4, count: WARM_UP });
    say('Latency, idle');
    const idle = await measure(scene, sink, {
      name: 'idle',
      perSecond: IDLE_PER_SECOND,
      count: IDLE_PER_SECOND * scene.size.latencySeconds,
    });
    say(`Latency, half of full speed: ${Math.round(fullSpeed / 2)} a second`);
    const half = await measure(scene, sink, {
      name: 'half',
      perSecond: fullSpeed / 2,
      count: Math.min(NUMBERS / 2, (fullSpeed / 2) * scene.size.latencySeconds),
    });
    return figures(scene, idle, half);
  } finally {
    await notifier.stop();
    await sink.close();
  }
}

interface Pace {
  readonly name: string;
  readonly perSecond: number;
  readonly count: number;
}

/** Each phase has its own numbers, so that the sink can tell their mails apart. */
const FIRST_NUMBER: Readonly<Record<string, number>> = { warm: 0, idle: WARM_UP, half: NUMBERS / 2 };

function measure(
  { servers }: Scene,
  sink: RecordingSink,
  { name, perSecond, count }: Pace,
): Promise<number[]> {
  const first = FIRST_NUMBER[name] ?? 0;
  const make = (index: number) => ({
    message: benchCall(`latency-${name}`, first + index, 'unanswered'),
    recipient: `${benchNumber(first + index)}@example.jp`,
  });
  return withProducer(servers, (producer) =>
    publishedToTaken(sink, { producer, topic: TOPIC, perSecond, count: Math.floor(count), make }),
  );
}

function figures({ report }: Scene, idle: readonly number[], half: readonly number[]): Figures {
  for (const [name, values] of [
    ['idle', idle],
    ['half load', half],
  ] as const)
    for (const part of [0.5, 0.99, 0.999])
      report.add(`published → taken, ${name}, p${rounded(part * 100, 1)}`, [percentile(values, part)], 'ms');
  return {
    latency: {
      idleP99Ms: rounded(percentile(idle, 0.99)),
      halfLoadP99Ms: rounded(percentile(half, 0.99)),
    },
  };
}
