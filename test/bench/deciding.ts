import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import type { BenchServers } from './bench-servers.ts';
import { startMeasuredNotifier, type DecidingRun } from './measured-notifier.ts';

const run = promisify(execFile);
const BARE = fileURLToPath(new URL('bare-consumer.ts', import.meta.url));

/** kafkajs' `eachBatch` that parses the JSON and does nothing else. */
export async function runBare(
  { KAFKA_BROKERS, topicPrefix }: BenchServers,
  events: number,
): Promise<DecidingRun> {
  const { stdout } = await run(process.execPath, [
    BARE,
    KAFKA_BROKERS,
    `${topicPrefix}call-events`,
    String(events),
  ]);
  const result = JSON.parse(stdout) as { events: number; seconds: number };
  return { eventsPerSecond: result.events / result.seconds };
}

/** Our notifier: decode, read settings, decide, publish outcomes, commit. Counted by its own metrics. */
export async function runNotifier(servers: BenchServers, events: number): Promise<DecidingRun> {
  const notifier = await startMeasuredNotifier(servers, 'main');
  try {
    return await notifier.untilDecided(events);
  } finally {
    await notifier.stop();
  }
}
