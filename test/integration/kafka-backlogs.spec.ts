import { createPublisher, readBacklogs, readTopic, type KafkaConnection } from '#kafka';
import type { RawRecord } from '#events';
import { closeLater } from '../support/close-later.ts';
import { createTopics, testAdmin } from '../support/kafka.ts';
import { testLogger } from '../support/run-log.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const name = uniqueName('backlog');
const log = testLogger({ app: 'test', level: 'error' });
const connection: KafkaConnection = {
  brokers: kafkaBrokers(),
  clientId: name,
  ssl: false,
  topicPrefix: `${name}.`,
  log,
};
const MINUTE = 60_000;
const groupId = `${name}-main`;
const asked = [{ topic: 'some', groupId, agesMs: [MINUTE, 10 * MINUTE] }];

beforeAll(async () => {
  await createTopics([`${name}.some`], 1);
  const publisher = createPublisher(connection);
  closeLater(() => publisher.close());
  const records = Array.from({ length: 10 }, (_, index) => ({
    topic: 'some',
    key: 'k',
    value: Buffer.from(String(index)),
    headers: {},
  }));
  await publisher.publish(records);
});

describe('readBacklogs', () => {
  it('counts what a group has not settled, and says how old it is', async () => {
    expect(await readBacklogs(connection, asked, Date.now())).toEqual([
      { topic: 'some', waiting: 10, olderThanMs: [] },
    ]);
    const later = Date.now() + 5 * MINUTE;
    expect(await readBacklogs(connection, asked, later)).toEqual([
      { topic: 'some', waiting: 10, olderThanMs: [MINUTE] },
    ]);
    const admin = await testAdmin();
    await admin.setOffsets({ groupId, topic: `${name}.some`, partitions: [{ partition: 0, offset: '7' }] });
    expect(await readBacklogs(connection, asked, later)).toMatchObject([{ waiting: 3 }]);
    await admin.setOffsets({ groupId, topic: `${name}.some`, partitions: [{ partition: 0, offset: '10' }] });
    expect(await readBacklogs(connection, asked, later)).toEqual([
      { topic: 'some', waiting: 0, olderThanMs: [] },
    ]);
  });

  it('rejects when Kafka is away', async () => {
    const away = { ...connection, brokers: ['127.0.0.1:1'] };
    await expect(readBacklogs(away, asked, Date.now())).rejects.toMatchObject({ retryable: true });
  });
});

describe('readTopic with `newest`', () => {
  it('reads the last records of each partition, and no more', async () => {
    const read: RawRecord[] = [];
    await readTopic(connection, 'some', (record) => void read.push(record), { newest: 4 });
    expect(read.map(({ value }) => String(value))).toEqual(['6', '7', '8', '9']);
    read.length = 0;
    await readTopic(connection, 'some', (record) => void read.push(record), { newest: 400 });
    expect(read).toHaveLength(10);
  });
});
