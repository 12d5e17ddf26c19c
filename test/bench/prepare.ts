import pMap from 'p-map';
import { ensureTopics } from '#kafka';
import { connectRedis, createSettingsRepository } from '#redis';
import type { BenchServers } from './bench-servers.ts';
import { benchNumber } from './call-load.ts';

/** Creates the topics as the notifier would. */
export async function prepareTopics({ KAFKA_BROKERS, topicPrefix }: BenchServers): Promise<void> {
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  await ensureTopics(
    { brokers: KAFKA_BROKERS.split(','), clientId: 'bench', ssl: false, topicPrefix, log },
    { create: true },
  );
}

/** Gives each of the bench's numbers a line and a call notice: unanswered calls only, one recipient. */
export async function seedSettings({ REDIS_URL }: BenchServers, numbers: number): Promise<void> {
  const redis = connectRedis({ urls: [REDIS_URL], keyPrefix: 'bench:', commandTimeoutMs: 30_000 });
  await redis.ready(10_000);
  const settings = createSettingsRepository(redis, { canAwaitDisk: false });
  const all = Array.from({ length: numbers }, (_, index) => benchNumber(index));
  await pMap(
    all,
    async (number) => {
      await settings.putLine({ lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [number] });
      await settings.putSection(number, 'callNotice', {
        enabled: true,
        targetCallersOnly: false,
        unansweredOnly: true,
        recipients: [{ address: `${number}@example.jp`, enabled: true }],
        targetCallers: [],
      });
    },
    { concurrency: 200 },
  );
  await redis.close();
}
