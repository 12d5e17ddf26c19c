import { BENCH_SEAL_KEY, REDIS_KEY_PREFIX, type BenchServers } from './bench-servers.ts';
import { startMeasuredApp } from './measured-app.ts';

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
  readonly lane: 'main' | 'access' | 'main,retry' | 'access,main,retry';
  readonly topicPrefix: string;
  readonly groupId: string;
  readonly smtpUrl: string;
  /** Other variables. */
  readonly more?: Readonly<Record<string, string>>;
}

/** A compiled notifier in a child process, observed through its metrics. */
export interface MeasuredNotifier {
  /** Resolves when `/readyz` answers 200. */
  ready(): Promise<void>;
  sample(): Promise<Sample>;
  /** The number of events decided with a reason. */
  decided(reason: string): Promise<number>;
  /** The number of mails that ended in a state, as far as it knows. */
  mails(state: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a notifier with one lane on the bench's servers; resolves before it is ready. */
export async function startMeasuredNotifier(
  servers: BenchServers,
  options: MeasuredOptions,
): Promise<MeasuredNotifier> {
  const environment = environmentOf(servers, options);
  const app = await startMeasuredApp('dist/apps/notifier/src/main.js', environment);
  return {
    ready: () => app.ready(),
    stop: () => app.stop(),
    sample: async () => {
      const valueOf = await app.metrics();
      return {
        at: performance.now(),
        settled: valueOf('notify_events_total'),
        residentMB: valueOf('process_resident_memory_bytes') / 1_048_576,
        cpuSeconds: valueOf('process_cpu_seconds_total'),
      };
    },
    mails: async (state) => (await app.metrics())('notify_mails_total', `state="${state}"`),
    decided: async (reason) => (await app.metrics())('notify_decisions_total', `reason="${reason}"`),
  };
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
    ...options.more,
  };
}
