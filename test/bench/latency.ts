import { MAILING_PREFIX } from './bench-servers.ts';
import { benchCall, benchNumber, NUMBERS, withProducer } from './call-load.ts';
import { startMeasuredNotifier } from './measured-notifier.ts';
import { beginAtEnd } from './prepare.ts';
import { startRecordingSink, type RecordingSink } from './recording-sink.ts';
import type { Figures } from './figures.ts';
import type { MailScene, Scene } from './scenario.ts';
import { startSlowRelay } from './slow-relay.ts';
import { median, percentile, rounded } from './statistics.ts';
import { publishedToTaken } from './timed-events.ts';

const TOPIC = `${MAILING_PREFIX}call-events`;
const IDLE_PER_SECOND = 30;
const WARM_UP = 2_000;
/** What a slow server takes for a mail. */
const SLOW_MS = 200;
/** So that a slow server is asked for half of what its connections carry. */
const SPARE = 2;

/** The times from published to taken of one run, ms. */
type Times = readonly number[];

interface Runs {
  readonly idle: Times[];
  readonly half: Times[];
  /** At a quarter of full speed behind a relay with connections enough for a slow server: not slow, and slow. */
  readonly prompt: Times[];
  readonly slow: Times[];
}

/**
 * Measures the time from a published call until its mail was taken: when idle, at half of `fullSpeed` (mails a second),
 * and at a quarter of it beside a server that takes 200 ms a mail.
 */
export async function latency(scene: MailScene, fullSpeed: number): Promise<Figures> {
  const { say, size } = scene;
  const runs: Runs = { idle: [], half: [], prompt: [], slow: [] };
  const perSecond = Math.round(fullSpeed / 2);
  // The relay and the connections take their part of the machine's cores.
  const pairPerSecond = Math.round(fullSpeed / 4);
  for (let round = 1; round <= size.rounds; round += 1) {
    say(`Latency, round ${round} of ${size.rounds}: idle, then ${perSecond} a second`);
    await withNotifier(scene, { name: `direct-${round}`, warmUp: fullSpeed / 4 }, async (measure) => {
      runs.idle.push(await measure(IDLE_PER_SECOND));
      runs.half.push(await measure(perSecond));
    });
    const pair = [['prompt', 0] as const, ['slow', SLOW_MS] as const];
    for (const [name, holdMs] of round % 2 === 1 ? pair : pair.toReversed()) {
      say(
        `Latency, round ${round} of ${size.rounds}: ${pairPerSecond} a second, the server takes ${holdMs} ms`,
      );
      const connections = Math.min(1_000, Math.ceil((SPARE * pairPerSecond * SLOW_MS) / 1_000));
      const run = { name: `${name}-${round}`, warmUp: fullSpeed / 4, relay: { holdMs, connections } };
      await withNotifier(scene, run, async (measure) => runs[name].push(await measure(pairPerSecond)));
    }
  }
  return figures(scene, runs);
}

interface Run {
  readonly name: string;
  /** Calls a second while it warms up. */
  readonly warmUp: number;
  readonly relay?: { readonly holdMs: number; readonly connections: number };
}

/** Measures calls at a steady rate for the scene's seconds. */
type Measure = (perSecond: number) => Promise<Times>;

/** Runs `work` with a notifier that is warm, beside a mail server of its own. */
async function withNotifier(
  scene: MailScene,
  { name, warmUp, relay }: Run,
  work: (measure: Measure) => Promise<unknown>,
): Promise<void> {
  const { servers, size } = scene;
  const sink = await startRecordingSink(scene.postfix);
  const slow = relay && (await startSlowRelay(sink.port, relay.holdMs));
  const groupId = `bench-latency-${name}`;
  await beginAtEnd(servers, `${groupId}-main`, TOPIC);
  const more = relay && { SMTP_CONNECTIONS: String(relay.connections) };
  const options = {
    lane: 'main',
    topicPrefix: MAILING_PREFIX,
    groupId,
    smtpUrl: slow?.url ?? sink.url,
  } as const;
  const notifier = await startMeasuredNotifier(servers, { ...options, ...(more ? { more } : {}) });
  let phase = 0;
  const measure = (perSecond: number, count: number): Promise<Times> => {
    phase += 1;
    return publish(scene, sink, { name: `${groupId}-${phase}`, perSecond, count });
  };
  try {
    await notifier.ready();
    await measure(warmUp, WARM_UP);
    await work((perSecond) => measure(perSecond, Math.min(NUMBERS, perSecond * size.latencySeconds)));
  } finally {
    await notifier.stop();
    await slow?.close();
    await sink.close();
  }
}

interface Pace {
  readonly name: string;
  readonly perSecond: number;
  /** At most as many as there are numbers: each mail is known by its address. */
  readonly count: number;
}

function publish({ servers }: Scene, sink: RecordingSink, { name, perSecond, count }: Pace): Promise<Times> {
  sink.forget();
  const make = (index: number) => ({
    message: benchCall(name, index, 'unanswered'),
    recipient: `${benchNumber(index)}@example.jp`,
  });
  return withProducer(servers, (producer) =>
    publishedToTaken(sink, { producer, topic: TOPIC, perSecond, count: Math.floor(count), make }),
  );
}

function figures({ report }: Scene, { idle, half, prompt, slow }: Runs): Figures {
  const of = (runs: readonly Times[], part: number): number[] => runs.map((times) => percentile(times, part));
  for (const [name, runs] of [
    ['idle', idle],
    ['half load', half],
    ['quarter load by a relay', prompt],
    [`quarter load by a relay, ${SLOW_MS} ms a mail`, slow],
  ] as const)
    for (const part of [0.5, 0.99, 0.999])
      report.add(`published → taken, ${name}, p${rounded(part * 100, 1)}`, of(runs, part), 'ms');
  const promptP99 = of(prompt, 0.99);
  const extra = of(slow, 0.99).map((value, round) => value - (promptP99[round] ?? NaN));
  report.add(`published → taken, what ${SLOW_MS} ms a mail add, p99`, extra, 'ms');
  return {
    latency: {
      idleP99Ms: rounded(median(of(idle, 0.99))),
      halfLoadP99Ms: rounded(median(of(half, 0.99))),
      slowServerExtraP99Ms: rounded(median(extra)),
    },
  };
}
