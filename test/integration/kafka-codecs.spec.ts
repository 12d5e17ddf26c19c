import kafkajs from 'kafkajs';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testKafka } from '../support/kafka.ts';
import { prepareConsumer, startConsumer, type ConsumerTest } from './kafka-consumer-for-test.ts';

const LIMIT_MS = 60_000;

async function publishCompressed(test: ConsumerTest, compression: kafkajs.CompressionTypes): Promise<void> {
  const producer = testKafka().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  closeLater(() => producer.disconnect());
  await producer.connect();
  const messages = [{ value: '着信 1' }, { value: '着信 2' }];
  await producer.send({ topic: `${test.connection.topicPrefix}call-events`, compression, messages });
}

describe('a consumer reads what other producers compressed', () => {
  const { GZIP, LZ4, Snappy, ZSTD } = kafkajs.CompressionTypes;

  it.each([
    ['GZIP', GZIP],
    ['Snappy', Snappy],
    ['LZ4', LZ4],
    ['ZSTD', ZSTD],
  ])(
    '%s',
    async (_, compression) => {
      const test = await prepareConsumer(1);
      const values: string[] = [];
      const consumer = await startConsumer(test, async (batch) => {
        for (const one of batch.records) {
          values.push(String(one.value));
          batch.ack(one);
        }
      });
      await publishCompressed(test, compression);
      await eventually(() => values.length === 2);
      expect(values).toEqual(['着信 1', '着信 2']);
      await consumer.close();
    },
    LIMIT_MS,
  );
});

describe('a consumer meets a batch that unpacks to more than a process can hold', () => {
  it(
    'hands on its beginning in one record, already cut, and reads on behind it',
    async () => {
      const test = await prepareConsumer(1);
      const seen: { offset: string; cut: string; value: string }[] = [];
      const consumer = await startConsumer(test, async (batch) => {
        for (const one of batch.records) {
          const cut = String(one.headers['dlq-cut'] ?? '');
          seen.push({ offset: one.offset, cut, value: cut ? '' : String(one.value) });
          batch.ack(one);
        }
      });
      const producer = testKafka().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
      closeLater(() => producer.disconnect());
      await producer.connect();
      const bomb = Buffer.alloc(40 * 1024 * 1024);
      const topic = `${test.connection.topicPrefix}call-events`;
      const compression = kafkajs.CompressionTypes.GZIP;
      await producer.send({ topic, compression, messages: [{ value: bomb }, { value: bomb }] });
      await publishCompressed(test, compression);
      await eventually(() => seen.length === 3);
      expect(seen).toEqual([
        { offset: '1', cut: expect.stringMatching(/^\d+$/), value: '' },
        { offset: '2', cut: '', value: '着信 1' },
        { offset: '3', cut: '', value: '着信 2' },
      ]);
      await consumer.close();
    },
    LIMIT_MS,
  );
});
