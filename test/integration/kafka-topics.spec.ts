import kafkajs from 'kafkajs';
import { ensureTopics, type KafkaConnection } from '#kafka';
import { DEFAULT_DEADLINES } from '#rules';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testAdmin } from '../support/kafka.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT_MS = 60_000;

async function freshConnection(): Promise<KafkaConnection> {
  const admin = await testAdmin();
  const topicPrefix = `${uniqueName('topics')}-`;
  closeLater(async () => {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
  const note = (): void => {};
  const log = { debug: note, info: note, warn: note, error: note };
  return { brokers: kafkaBrokers(), clientId: 'topics-test', ssl: false, topicPrefix, log };
}

async function topicNames({ topicPrefix }: KafkaConnection): Promise<string[]> {
  const admin = await testAdmin();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
  return topics.map((topic) => topic.slice(topicPrefix.length)).toSorted();
}

async function create(
  { topicPrefix }: KafkaConnection,
  topic: string,
  config: Record<string, string>,
): Promise<void> {
  const admin = await testAdmin();
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const name = topicPrefix + topic;
  await admin.createTopics({
    waitForLeaders: false,
    topics: [{ topic: name, numPartitions: 1, configEntries }],
  });
  await eventually(() => admin.fetchTopicMetadata({ topics: [name] }));
}

async function configOf(
  { topicPrefix }: KafkaConnection,
  topic: string,
  name: string,
): Promise<string | undefined> {
  const admin = await testAdmin();
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resources = [{ type, name: topicPrefix + topic, configNames: [name] }];
  const described = await admin.describeConfigs({ includeSynonyms: false, resources });
  return described.resources[0]?.configEntries[0]?.configValue;
}

describe('ensureTopics', () => {
  it(
    'creates every topic, also when several processes start at once, and finds them fit',
    async () => {
      const connection = await freshConnection();
      await Promise.all(
        [1, 2, 3].map(() => ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES })),
      );
      expect(await topicNames(connection)).toEqual([
        'access-mails',
        'access-retry-30s',
        'access-retry-5s',
        'call-events',
        'fault-events',
        'fax-events',
        'notify-dlq',
        'notify-outcomes',
        'notify-retry-10m',
        'notify-retry-10s',
        'notify-retry-1h',
        'notify-retry-1m',
        'operator-actions',
        'switch-commands',
        'switch-settings',
      ]);
      const admin = await testAdmin();
      const topics = ['call-events', 'notify-retry-10s'].map((topic) => connection.topicPrefix + topic);
      const metadata = await admin.fetchTopicMetadata({ topics });
      expect(metadata.topics.map(({ partitions }) => partitions.length)).toEqual([12, 12]);
      expect(await configOf(connection, 'switch-settings', 'cleanup.policy')).toBe('compact');
      await ensureTopics(connection, { create: false, deadlines: DEFAULT_DEADLINES });
    },
    LIMIT_MS,
  );

  it(
    'creates nothing while fewer brokers answer than it is told of: replication stays as a topic begins',
    async () => {
      const connection = await freshConnection();
      // Nobody listens there: brokers that are down, or start later.
      const brokers = [...connection.brokers, '127.0.0.1:1', '127.0.0.1:2'];
      const early = ensureTopics({ ...connection, brokers }, { create: true, deadlines: DEFAULT_DEADLINES });
      await expect(early).rejects.toMatchObject({
        retryable: true,
        message: expect.stringMatching(/^Kafka: 1 of 3 brokers answer, .*created when all do/),
      });
      expect(await topicNames(connection)).toEqual([]);
      await ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES });
      // What is there can be worked with, whoever is down.
      await ensureTopics({ ...connection, brokers }, { create: true, deadlines: DEFAULT_DEADLINES });
    },
    LIMIT_MS,
  );

  it(
    'says which are missing when it may not create them',
    async () => {
      const connection = await freshConnection();
      await create(connection, 'call-events', {});
      const error: unknown = await ensureTopics(connection, {
        create: false,
        deadlines: DEFAULT_DEADLINES,
      }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'topics-unfit', retryable: false });
      const lines = String((error as Error).message).split('\n');
      expect(lines).toHaveLength(14);
      expect(lines).toContain(
        `topic ${connection.topicPrefix}notify-dlq: missing, or our user may not describe it, and KAFKA_CREATE_TOPICS is false`,
      );
      expect(await topicNames(connection)).toEqual(['call-events']);
    },
    LIMIT_MS,
  );

  it(
    'refuses topics that cannot hold the promise, with a line for each reason',
    async () => {
      const connection = await freshConnection();
      await create(connection, 'call-events', {
        'cleanup.policy': 'compact',
        'unclean.leader.election.enable': 'true',
      });
      await create(connection, 'fax-events', { 'retention.ms': '1000' });
      await create(connection, 'notify-dlq', { 'max.message.bytes': '5000' });
      const error: unknown = await ensureTopics(connection, {
        create: true,
        deadlines: DEFAULT_DEADLINES,
      }).catch((thrown: unknown) => thrown);
      const lines = String((error as Error).message).split('\n');
      expect(lines.map((line) => line.slice(0, line.indexOf(' is ')))).toEqual([
        `topic ${connection.topicPrefix}call-events: cleanup.policy`,
        `topic ${connection.topicPrefix}call-events: unclean.leader.election.enable`,
        `topic ${connection.topicPrefix}fax-events: retention.ms`,
        `topic ${connection.topicPrefix}notify-dlq: max.message.bytes`,
      ]);
    },
    LIMIT_MS,
  );

  it(
    'raises the record size of dead letters that somebody’s consumer had created, and keeps their other settings',
    async () => {
      const connection = await freshConnection();
      await create(connection, 'notify-dlq', { 'retention.ms': '172800000' });
      await ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES });
      await eventually(
        async () => (await configOf(connection, 'notify-dlq', 'max.message.bytes')) === '1179660',
      );
      expect(await configOf(connection, 'notify-dlq', 'retention.ms')).toBe('172800000');
      await ensureTopics(connection, { create: false, deadlines: DEFAULT_DEADLINES });
    },
    LIMIT_MS,
  );

  it(
    'compacts the settings for the switch in partitions enough, where somebody’s consumer had them created without',
    async () => {
      const connection = await freshConnection();
      await create(connection, 'switch-settings', { 'max.message.bytes': '2000000' });
      await ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES });
      await eventually(
        async () => (await configOf(connection, 'switch-settings', 'cleanup.policy')) === 'compact',
      );
      expect(await configOf(connection, 'switch-settings', 'max.message.bytes')).toBe('2000000');
      const admin = await testAdmin();
      await eventually(async () => {
        const name = `${connection.topicPrefix}switch-settings`;
        const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
        return topics[0]?.partitions.length === 12;
      });
      await ensureTopics(connection, { create: false, deadlines: DEFAULT_DEADLINES });
    },
    LIMIT_MS,
  );

  it(
    'refuses settings for the switch that somebody had deleted',
    async () => {
      const connection = await freshConnection();
      await create(connection, 'switch-settings', { 'cleanup.policy': 'delete' });
      const error: unknown = await ensureTopics(connection, {
        create: true,
        deadlines: DEFAULT_DEADLINES,
      }).catch((thrown: unknown) => thrown);
      expect(String((error as Error).message)).toMatch(
        /switch-settings: cleanup\.policy is delete, expected compact/,
      );
    },
    LIMIT_MS,
  );
});
