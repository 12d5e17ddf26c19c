import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import {
  createDeadLetters,
  createOutcomeLog,
  createPublisher,
  createRetryQueue,
  ensureTopics,
  KafkaError,
  readTopic,
  type KafkaConnection,
  type Publisher,
} from '#kafka';
import { DEFAULT_DEADLINES } from '#rules';
import type { RawRecord } from '#events';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testAdmin, testKafka } from '../support/kafka.ts';
import { prepareConsumer } from './kafka-consumer-for-test.ts';

const LIMIT_MS = 60_000;

/** All records of a topic as kafkajs gives them, headers as bytes. */
async function readAll(topic: string, count: number): Promise<kafkajs.KafkaMessage[]> {
  const messages: kafkajs.KafkaMessage[] = [];
  const consumer = testKafka().consumer({ groupId: `${topic}-read`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void messages.push(message) });
  await eventually(() => messages.length >= count);
  await consumer.disconnect();
  return messages;
}

describe('createPublisher', () => {
  it(
    'resolves when Kafka has all of a publish that is larger than a request may be',
    async () => {
      const { connection, publisher } = await prepareConsumer(3);
      const value = 'v'.repeat(10_000);
      const records = Array.from({ length: 500 }, (_, id) => ({
        topic: 'call-events',
        key: `k${id}`,
        value,
        headers: {},
      }));
      await publisher.publish(records);
      const admin = await testAdmin();
      const offsets = await admin.fetchTopicOffsets(`${connection.topicPrefix}call-events`);
      expect(offsets.reduce((sum, { high }) => sum + Number(high), 0)).toBe(500);
    },
    LIMIT_MS,
  );

  it(
    'refuses a record that the topic does not take, at once',
    async () => {
      const { publisher } = await prepareConsumer(1);
      const record = { topic: 'call-events', key: null, value: randomBytes(1_200_000), headers: {} };
      const small = { ...record, value: 'small' };
      const both = await Promise.allSettled([publisher.publish([record]), publisher.publish([small])]);
      expect(both[0]).toMatchObject({ status: 'rejected', reason: { code: 'too-large', retryable: false } });
      expect(both[1]).toMatchObject({ status: 'fulfilled' });
    },
    LIMIT_MS,
  );

  it(
    'compresses a record that a topic with a small limit refuses, and refuses only what is too large then too',
    async () => {
      const { connection, publisher } = await prepareConsumer(1);
      const admin = await testAdmin();
      const name = `${connection.topicPrefix}call-events`;
      const configEntries = [{ name: 'max.message.bytes', value: '100000' }];
      await admin.alterConfigs({
        validateOnly: false,
        resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries }],
      });
      const record = { topic: 'call-events', key: null, headers: {} };
      const noise = { ...record, value: randomBytes(500_000) };
      await eventually(() =>
        publisher.publish([noise]).then(
          () => false,
          (error: unknown) => error instanceof KafkaError && error.code === 'too-large',
        ),
      );
      const text = publisher.publish([{ ...record, value: Buffer.alloc(500_000, 'x') }]);
      await expect(text).resolves.toBeUndefined();
    },
    LIMIT_MS,
  );

  it(
    'does not report a record as written to a topic or partition that is not there',
    async () => {
      const { publisher } = await prepareConsumer(1);
      const record = { topic: 'call-events', key: null, value: 'v', headers: {} };
      const unacknowledged = { code: 'unacknowledged', retryable: true };
      const missingPartition = publisher.publish([{ ...record, partition: 9 }], { withinMs: 500 });
      await expect(missingPartition).rejects.toMatchObject(unacknowledged);
      const missingTopic = publisher.publish([{ ...record, topic: 'missing' }], { withinMs: 500 });
      await expect(missingTopic).rejects.toMatchObject(unacknowledged);
      await publisher.publish([record]);
    },
    LIMIT_MS,
  );

  it(
    'says that nothing was acknowledged while Kafka is away',
    async () => {
      const { connection } = await prepareConsumer(1);
      const away = createPublisher({ ...connection, brokers: ['127.0.0.1:1'] });
      const published = away.publish([{ topic: 'call-events', key: null, value: 'v', headers: {} }], {
        withinMs: 300,
      });
      await expect(published).rejects.toMatchObject({ code: 'unacknowledged', retryable: true });
      await away.close();
    },
    LIMIT_MS,
  );
});

describe('what the ports publish', () => {
  const record: RawRecord = {
    topic: 'call-events',
    partition: 2,
    offset: '41',
    key: Buffer.from([0xff, 0x00, 0x01]),
    value: Buffer.from([0xc3, 0x28, 0x00]),
    headers: {
      ce_id: Buffer.from('e1'),
      trace: [Buffer.from([0xfe]), Buffer.from('b')],
      empty: Buffer.alloc(0),
      none: null,
    },
    timestamp: 1_795_000_000_000,
  };
  let connection: KafkaConnection;
  let publisher: Publisher;

  beforeAll(async () => {
    ({ connection, publisher } = await prepareConsumer(12));
    const { topicPrefix } = connection;
    const admin = await testAdmin();
    closeLater(async () => {
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(topicPrefix));
      await admin.deleteTopics({ topics });
    });
    await ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES });
  }, LIMIT_MS);

  it(
    'arrives with key, bytes, binary and repeated headers as they came, through a retry into the dead letters',
    async () => {
      const { topicPrefix } = connection;
      await createRetryQueue(publisher, topicPrefix).put(record, 'notify-retry-10s', {
        'retry-attempts': '1',
      });
      const [retried] = await readAll(`${topicPrefix}notify-retry-10s`, 1);
      expect(retried).toMatchObject({ key: record.key, value: record.value });
      const fromRetry = {
        ...record,
        topic: 'notify-retry-10s',
        offset: '0',
        headers: retried!.headers ?? {},
      };
      await createDeadLetters(publisher, topicPrefix).keep(fromRetry, 'in-doubt', 'cut off twice', 2);
      const [letter] = await readAll(`${topicPrefix}notify-dlq`, 1);
      expect(letter).toMatchObject({ key: record.key, value: record.value });
      expect(letter!.headers).toMatchObject({
        ...record.headers,
        'retry-attempts': Buffer.from('1'),
        'orig-topic': Buffer.from(`${topicPrefix}call-events`),
        'orig-offset': Buffer.from('41'),
        'dlq-reason': Buffer.from('in-doubt'),
      });
    },
    LIMIT_MS,
  );

  it(
    'fits into the dead letters, however large a record the sources and retries take',
    async () => {
      const large = { ...record, value: Buffer.alloc(1_048_588 - 300, 'x') };
      await publisher.publish([{ topic: 'call-events', key: null, value: large.value, headers: {} }]);
      const headers = { 'retry-event': 'e'.repeat(20_000) };
      await createRetryQueue(publisher, connection.topicPrefix).put(large, 'notify-retry-1h', headers);
      const retried = { ...large, topic: 'notify-retry-1h', headers };
      const kept = createDeadLetters(publisher, connection.topicPrefix).keep(
        retried,
        'internal-error',
        '故'.repeat(5_000),
        9,
      );
      await expect(kept).resolves.toBeUndefined();
    },
    LIMIT_MS,
  );

  it(
    'keeps the beginning of a record that no topic takes, and what came compressed as a whole',
    async () => {
      const letters = createDeadLetters(publisher, connection.topicPrefix);
      const noise = { ...record, offset: '50', value: randomBytes(3_000_000) };
      const text = { ...record, offset: '51', value: Buffer.alloc(3_000_000, 'x') };
      await Promise.all([noise, text].map((one) => letters.keep(one, 'malformed', 'not JSON', 0)));
      const all: RawRecord[] = [];
      await readTopic(connection, 'notify-dlq', (letter) => void all.push(letter));
      const kept = (offset: string) => all.find(({ headers }) => String(headers['orig-offset']) === offset);
      expect(kept('50')!.value).toEqual(noise.value.subarray(0, 65_536));
      expect(Number(kept('50')!.headers['dlq-cut'])).toBeGreaterThan(3_000_000);
      expect(kept('51')!.value).toEqual(text.value);
      expect(kept('51')!.headers).not.toHaveProperty('dlq-cut');
    },
    LIMIT_MS,
  );

  it(
    'joins outcomes to few records',
    async () => {
      const log = createOutcomeLog(publisher, '/denwa-notify');
      const publishOne = (id: number): Promise<void> =>
        log.publish([
          {
            eventSource: 'switch',
            eventId: `e${id}`,
            sequence: 1,
            kind: 'call',
            number: '0312345679',
            lineNumber: '0312345678',
            at: '2026-11-21T10:00:00+09:00',
            reason: 'service-off',
            recipients: [],
          },
        ]);
      await Promise.all(Array.from({ length: 5_000 }, (_, id) => publishOne(id)));
      const admin = await testAdmin();
      const offsets = await admin.fetchTopicOffsets(`${connection.topicPrefix}notify-outcomes`);
      const records = offsets.reduce((sum, { high }) => sum + Number(high), 0);
      expect(records).toBeLessThan(20);
      const messages = await readAll(`${connection.topicPrefix}notify-outcomes`, records);
      const items = messages.flatMap(
        ({ value }) => (JSON.parse(String(value)) as { items: { eventId: string }[] }).items,
      );
      expect(new Set(items.map(({ eventId }) => eventId)).size).toBe(5_000);
    },
    LIMIT_MS,
  );
});
