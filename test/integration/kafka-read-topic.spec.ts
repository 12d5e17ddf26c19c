import { createPublisher, readTopic, type KafkaConnection } from '#kafka';
import type { RawRecord } from '#events';
import { closeLater } from '../support/close-later.ts';
import { createTopics } from '../support/kafka.ts';
import { testLogger } from '../support/run-log.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;

function connect(): KafkaConnection {
  const name = uniqueName('read');
  const log = testLogger({ app: 'test', level: 'error' });
  return { brokers: kafkaBrokers(), clientId: name, ssl: false, topicPrefix: `${name}.`, log };
}

describe('readTopic', () => {
  it(
    'reads everything up to the end that the topic had at the beginning, and then ends',
    async () => {
      const connection = connect();
      // More than one fetch brings, so that the last one meets what came meanwhile.
      await createTopics([`${connection.topicPrefix}some`], 1);
      const publisher = createPublisher(connection);
      closeLater(() => publisher.close());
      const publish = (from: number, count: number): Promise<void> =>
        publisher.publish(
          Array.from({ length: count }, (_, index) => ({
            topic: 'some',
            key: String(from + index),
            value: Buffer.alloc(5_000, from + index),
            headers: { number: String(from + index) },
          })),
        );
      await publish(0, 2_000);
      const read: RawRecord[] = [];
      let meanwhile: Promise<void> | undefined;
      await readTopic(connection, 'some', (record) => {
        meanwhile ??= publish(2_000, 100);
        read.push(record);
      });
      await meanwhile;
      expect(read).toHaveLength(2_000);
      expect(new Set(read.map(({ key }) => key?.toString())).size).toBe(2_000);
      expect(read[0]).toMatchObject({ topic: 'some', headers: { number: read[0]?.key?.toString() } });
    },
    LIMIT,
  );

  it(
    'ends at once when there is nothing, and says so when there is no topic',
    async () => {
      const connection = connect();
      await createTopics([`${connection.topicPrefix}empty`]);
      const read: RawRecord[] = [];
      await readTopic(connection, 'empty', (record) => void read.push(record));
      expect(read).toEqual([]);
      await expect(readTopic(connection, 'none', () => undefined)).rejects.toMatchObject({
        code: 'topics-unfit',
        message: expect.stringContaining(`${connection.topicPrefix}none`),
      });
    },
    LIMIT,
  );
});
