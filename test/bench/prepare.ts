import { Kafka, logLevel } from 'kafkajs';
import pMap from 'p-map';
import { ensureTopics } from '#kafka';
import { connectRedis, createSettingsRepository } from '#redis';
import { REDIS_KEY_PREFIX, type BenchServers } from './bench-servers.ts';
import { benchNumber } from './call-load.ts';

/** Creates the topics as the notifier would. */
export async function prepareTopics({ KAFKA_BROKERS }: BenchServers, topicPrefix: string): Promise<void> {
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  await ensureTopics(
    { brokers: KAFKA_BROKERS.split(','), clientId: 'bench', ssl: false, topicPrefix, log },
    { create: true },
  );
}

/** Lets a group begin at the end of a topic, whatever was published before. */
export async function beginAtEnd(
  { KAFKA_BROKERS }: BenchServers,
  groupId: string,
  topic: string,
): Promise<void> {
  const admin = new Kafka({
    clientId: 'bench-admin',
    brokers: KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(topic);
  const partitions = ends.map(({ partition, offset }) => ({ partition, offset }));
  await admin.setOffsets({ groupId, topic, partitions });
  await admin.disconnect();
}

/** Gives each of the bench's numbers a line and a call notice: unanswered calls only, one recipient. */
export async function seedSettings({ REDIS_URL }: BenchServers, numbers: number): Promise<void> {
  const redis = connectRedis({ urls: [REDIS_URL], keyPrefix: REDIS_KEY_PREFIX, commandTimeoutMs: 30_000 });
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
