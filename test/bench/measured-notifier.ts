import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { APP_FLAGS } from '../../tools/app-flags.ts';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { BenchServers } from './bench-servers.ts';

const MAIN = fileURLToPath(new URL('../../dist/apps/notifier/src/main.js', import.meta.url));
const POLL_MS = 100;
const LIMIT_MS = 300_000;

/** One run of a contender: events a second, and for our process the most memory it held (MB). */
export interface DecidingRun {
  readonly eventsPerSecond: number;
  readonly residentMB?: number;
}

/** A notifier of its own group, compiled, in a process of its own, watched by its metrics. */
export interface MeasuredNotifier {
  /** Resolves when so many events are settled; the rate is taken between a tenth and nine tenths of them. */
  untilDecided(events: number): Promise<DecidingRun>;
  stop(): Promise<void>;
}

/** Starts a notifier with one lane on the bench's servers; resolves when it is asked to work, not when it is ready. */
export async function startMeasuredNotifier(servers: BenchServers, lane: string): Promise<MeasuredNotifier> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [...APP_FLAGS, MAIN], {
    env: {
      ...process.env,
      KAFKA_BROKERS: servers.KAFKA_BROKERS,
      KAFKA_TOPIC_PREFIX: servers.topicPrefix,
      KAFKA_GROUP_ID: `bench-${Date.now()}`,
      REDIS_URL: servers.REDIS_URL,
      REDIS_KEY_PREFIX: 'bench:',
      SMTP_URL: servers.SMTP_URL,
      SEAL_KEYS: `bench:${Buffer.alloc(32, 1).toString('base64')}`,
      NOTIFY_LANES: lane,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    untilDecided: (events) =>
      watch(`http://127.0.0.1:${port}/metrics`, events, () => child.exitCode !== null),
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function watch(url: string, events: number, ended: () => boolean): Promise<DecidingRun> {
  const end = Date.now() + LIMIT_MS;
  let first: { at: number; settled: number } | undefined;
  let last = first;
  let residentMB = 0;
  for (;;) {
    if (ended()) throw new Error('The notifier ended before it had settled everything');
    if (Date.now() > end) throw new Error(`Only ${last?.settled ?? 0} of ${events} events settled in time`);
    const text = await fetch(url).then(
      (answer) => answer.text(),
      () => '',
    );
    const settled = sumOf(text, 'notify_events_total');
    residentMB = Math.max(residentMB, sumOf(text, 'process_resident_memory_bytes') / 1_048_576);
    const now = { at: performance.now(), settled };
    if (settled >= events * 0.1) first ??= now;
    if (first && settled <= events * 0.9) last = now;
    if (settled >= events) {
      const until = last && last !== first ? last : now;
      const from = first ?? now;
      return { eventsPerSecond: ((until.settled - from.settled) / (until.at - from.at)) * 1000, residentMB };
    }
    await delay(POLL_MS);
  }
}

/** The sum of a metric's series in Prometheus' text format. */
function sumOf(text: string, name: string): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(name) && /^[ {]/.test(line.slice(name.length)))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}
