import { Kafka, Partitioners, logLevel, type Admin, type Consumer, type Producer } from 'kafkajs';
import { SWITCH_COMMANDS_TOPIC, SWITCH_SETTINGS_TOPIC } from '#events';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { kafkaBrokers } from './servers.ts';
import { uniqueName } from './unique-name.ts';

/** A record with its key, value and headers as text. */
export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A plain kafkajs client for the test servers. */
export function testKafka(): Kafka {
  return new Kafka({ clientId: 'test', brokers: kafkaBrokers(), logLevel: logLevel.NOTHING });
}

/** A connected admin client, closed after the file. */
export async function testAdmin(): Promise<Admin> {
  const admin = testKafka().admin();
  await admin.connect();
  closeLater(() => admin.disconnect());
  return admin;
}

/** A connected producer, closed after the file. */
export async function testProducer(): Promise<Producer> {
  const producer = testKafka().producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  closeLater(() => producer.disconnect());
  return producer;
}

/** Creates what the switch is told by (V5), so that our programs do not refuse it. Deleted after the file. */
export async function createSwitchTopics(prefix: string): Promise<void> {
  await createTopics([prefix + SWITCH_SETTINGS_TOPIC], 3, { 'cleanup.policy': 'compact' });
  await createTopics([prefix + SWITCH_COMMANDS_TOPIC]);
}

/** Creates topics, which are deleted after the file; `config` are settings of them that are not the broker's own. */
export async function createTopics(
  topics: readonly string[],
  numPartitions = 3,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const admin = await testAdmin();
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  // kafkajs' own wait for leaders fails while a busy broker does not know the topic yet.
  await admin.createTopics({
    waitForLeaders: false,
    topics: topics.map((topic) => ({ topic, numPartitions, configEntries })),
  });
  await eventually(async () => {
    const known = await admin.fetchTopicMetadata({ topics: [...topics] });
    return known.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
  });
  closeLater(() => admin.deleteTopics({ topics: [...topics] }));
}

/** Consumes topics from the beginning in a new group. The returned list keeps growing. */
export async function collectRecords(topics: readonly string[]): Promise<readonly ReadRecord[]> {
  const records: ReadRecord[] = [];
  const consumer: Consumer = testKafka().consumer({ groupId: uniqueName('collect'), maxWaitTimeInMs: 200 });
  await consumer.connect();
  closeLater(() => consumer.disconnect());
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
      records.push({
        topic,
        partition,
        offset: message.offset,
        key: message.key?.toString() ?? null,
        value: message.value?.toString() ?? null,
        headers: Object.fromEntries(headers) as Record<string, string>,
      });
    },
  });
  return records;
}
