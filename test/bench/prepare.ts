import { Kafka, logLevel, type Admin } from 'kafkajs';
import pMap from 'p-map';
import { ensureTopics } from '#kafka';
import { createSettingsRepository } from '#redis';
import type { SettingsRepository } from '#settings';
import { DEFAULT_DEADLINES, EMPTY_CALL_NOTICE } from '#rules';
import { localConnection } from '../../tools/local-connection.ts';
import { openBenchRedis, REDIS_KEY_PREFIX, type BenchServers } from './bench-servers.ts';

/** Creates the topics as the notifier would; `partitions` is for the calls' topic. */
export async function prepareTopics(
  { KAFKA_BROKERS }: BenchServers,
  topicPrefix: string,
  partitions?: number,
): Promise<void> {
  if (partitions !== undefined) {
    const admin = await adminOf(KAFKA_BROKERS);
    await admin.createTopics({ topics: [{ topic: `${topicPrefix}call-events`, numPartitions: partitions }] });
    await admin.disconnect();
  }
  const connection = localConnection(KAFKA_BROKERS, 'bench', topicPrefix);
  await ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES });
}

async function adminOf(brokers: string): Promise<Admin> {
  const admin = new Kafka({
    clientId: 'bench-admin',
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  return admin;
}

/** Sets a group's offsets to the end of a topic, so that it skips earlier records. */
export async function beginAtEnd(
  { KAFKA_BROKERS }: BenchServers,
  groupId: string,
  topic: string,
): Promise<void> {
  const admin = await adminOf(KAFKA_BROKERS);
  const ends = await admin.fetchTopicOffsets(topic);
  const partitions = ends.map(({ partition, offset }) => ({ partition, offset }));
  await admin.setOffsets({ groupId, topic, partitions });
  await admin.disconnect();
}

/** The recipients of a bench number's unanswered calls. */
function benchRecipients(number: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${number}${index === 0 ? '' : `.${index}`}@example.jp`);
}

/** Gives each number its own line and a call notice for unanswered calls, with `recipients` recipients. */
export function seedSettings(
  servers: BenchServers,
  numbers: readonly string[],
  recipients = 1,
): Promise<void> {
  return seedLines(
    servers,
    numbers.map((number) => [number]),
    recipients,
  );
}

/** Writes lines with their numbers, and such a call notice for each number; with no recipients none. */
export function seedLines(
  servers: BenchServers,
  lines: readonly (readonly string[])[],
  recipients = 0,
): Promise<void> {
  return withSettings(servers, lines, async (settings, numbers) => {
    const [lineNumber = ''] = numbers;
    await settings.putLine({ lineNumber, brand: 'ntt-east', contractor: '', numbers });
    for (const number of recipients > 0 ? numbers : []) {
      await settings.putSection(number, 'callNotice', {
        ...EMPTY_CALL_NOTICE,
        enabled: true,
        unansweredOnly: true,
        recipients: benchRecipients(number, recipients).map((address) => ({ address, enabled: true })),
      });
    }
  });
}

const DIGITS_OF_A_NUMBER = /\d{11}/g;

/**
 * Writes copies of a line that `seedLines` wrote, each with as many other numbers: what is stored of a million numbers would
 * take the product minutes to write.
 */
export async function copyLine(
  servers: BenchServers,
  written: readonly string[],
  copies: readonly (readonly string[])[],
): Promise<void> {
  const redis = await openBenchRedis(servers);
  const { client } = redis;
  const tags = written.map((number) => `{${number}}`);
  const all = await client.keys(`${REDIS_KEY_PREFIX}*`);
  const keys = all.filter((key) => tags.some((tag) => key.endsWith(tag)));
  const texts = await client.mget(keys);
  const copy = async (numbers: readonly string[]): Promise<void> => {
    const renamed = new Map(written.map((number, index) => [number, numbers[index]]));
    const rename = (text: string): string =>
      text.replaceAll(DIGITS_OF_A_NUMBER, (digits) => renamed.get(digits) ?? digits);
    await client.mset(keys.flatMap((key, index) => [rename(key), rename(texts[index] ?? '')]));
  };
  await pMap(copies, copy, { concurrency: 20 });
  await redis.close();
}

async function withSettings<T>(
  servers: BenchServers,
  items: readonly T[],
  write: (settings: SettingsRepository, item: T) => Promise<void>,
): Promise<void> {
  const redis = await openBenchRedis(servers);
  const settings = createSettingsRepository(redis, { canAwaitDisk: false });
  await pMap(items, (item) => write(settings, item), { concurrency: 200 });
  await redis.close();
}
