import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { APP_FLAGS } from '../../tools/app-flags.ts';
import { endChild } from '../../tools/end-child.ts';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { BENCH_SEAL_KEY, REDIS_KEY_PREFIX, type BenchServers } from './bench-servers.ts';

const MAIN = fileURLToPath(new URL('../../dist/apps/notifier/src/main.js', import.meta.url));
const READY_POLL_MS = 50;
const READY_LIMIT_MS = 60_000;

/** SMTP connections of the notifier and of the programs it is compared to. */
export const CONNECTIONS = 20;

/** A notifier's metrics at a moment (`performance.now()` of this process). */
export interface Sample {
  readonly at: number;
  readonly settled: number;
  readonly residentMB: number;
  readonly cpuSeconds: number;
}

interface MeasuredOptions {
  readonly lane: 'main' | 'access';
  readonly topicPrefix: string;
  readonly groupId: string;
  readonly smtpUrl: string;
}

/** A compiled notifier in a child process, observed through its metrics. */
export interface MeasuredNotifier {
  /** Resolves when `/readyz` answers 200. */
  ready(): Promise<void>;
  sample(): Promise<Sample>;
  /** The number of events decided with a reason. */
  decided(reason: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a notifier with one lane on the bench's servers; resolves before it is ready. */
export async function startMeasuredNotifier(
  servers: BenchServers,
  options: MeasuredOptions,
): Promise<MeasuredNotifier> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [...APP_FLAGS, MAIN], {
    env: { ...process.env, ...environmentOf(servers, options), HTTP_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const alive = (): void => {
    if (child.exitCode !== null) throw new Error(`The notifier exited with ${child.exitCode}`);
  };
  return {
    ready: async () => {
      const end = Date.now() + READY_LIMIT_MS;
      while (!(await fetch(`${url}/readyz`).then(({ ok }) => ok, refused))) {
        alive();
        if (Date.now() > end) throw new Error(`The notifier was not ready within ${READY_LIMIT_MS} ms`);
        await delay(READY_POLL_MS);
      }
    },
    sample: async () => {
      alive();
      return sampleOf(await metricsAt(url));
    },
    decided: async (reason) => sumOf(await metricsAt(url), 'notify_decisions_total', `reason="${reason}"`),
    stop: () => endChild(child, 'SIGTERM'),
  };
}

/** A notifier that is still starting refuses connections. */
const refused = (): boolean => false;

/** Reads the metrics; empty while the notifier is starting. */
function metricsAt(url: string): Promise<string> {
  return fetch(`${url}/metrics`).then(
    (answer) => answer.text(),
    () => '',
  );
}

function environmentOf(servers: BenchServers, options: MeasuredOptions): Record<string, string> {
  return {
    KAFKA_BROKERS: servers.KAFKA_BROKERS,
    KAFKA_TOPIC_PREFIX: options.topicPrefix,
    KAFKA_GROUP_ID: options.groupId,
    REDIS_URL: servers.REDIS_URL,
    REDIS_KEY_PREFIX,
    SMTP_URL: options.smtpUrl,
    SMTP_CONNECTIONS: String(CONNECTIONS),
    SEAL_KEYS: `${BENCH_SEAL_KEY.id}:${BENCH_SEAL_KEY.key.toString('base64')}`,
    NOTIFY_LANES: options.lane,
    HTTP_HOST: '127.0.0.1',
    NODE_ENV: 'production',
  };
}

function sampleOf(metrics: string): Sample {
  return {
    at: performance.now(),
    settled: sumOf(metrics, 'notify_events_total'),
    residentMB: sumOf(metrics, 'process_resident_memory_bytes') / 1_048_576,
    cpuSeconds: sumOf(metrics, 'process_cpu_seconds_total'),
  };
}

/** Sums the series of a metric in Prometheus' text format; `label` (`name="value"`) selects some of them. */
function sumOf(text: string, name: string, label = ''): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    if (line.startsWith(name) && /^[ {]/.test(line.slice(name.length)) && line.includes(label))
      sum += Number(line.slice(line.lastIndexOf(' ')));
  }
  return sum;
}
