import kafkajs from 'kafkajs';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testKafka } from '../support/kafka.ts';
import { prepareLane, startLane, type LaneTest } from './kafka-lane-for-test.ts';

const LIMIT_MS = 60_000;

async function publishCompressed(test: LaneTest, compression: kafkajs.CompressionTypes): Promise<void> {
  const producer = testKafka().producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  closeLater(() => producer.disconnect());
  await producer.connect();
  const messages = [{ value: '着信 1' }, { value: '着信 2' }];
  await producer.send({ topic: `${test.connection.topicPrefix}call-events`, compression, messages });
}

describe('a lane reads what other producers compressed', () => {
  const { GZIP, LZ4, Snappy, ZSTD } = kafkajs.CompressionTypes;

  it.each([
    ['GZIP', GZIP],
    ['Snappy', Snappy],
    ['LZ4', LZ4],
    ['ZSTD', ZSTD],
  ])(
    '%s',
    async (_, compression) => {
      const test = await prepareLane(1);
      const values: string[] = [];
      const lane = await startLane(test, async (batch) => {
        for (const one of batch.records) {
          values.push(String(one.value));
          batch.settled(one);
        }
      });
      await publishCompressed(test, compression);
      await eventually(() => values.length === 2);
      expect(values).toEqual(['着信 1', '着信 2']);
      await lane.close();
    },
    LIMIT_MS,
  );
});

describe('a lane whose consumer dies for good', () => {
  it(
    'says so, once, so that the process ends and another takes over',
    async () => {
      const test = await prepareLane(1);
      const lane = await startLane(test, async () => undefined);
      await publishCompressed(test, kafkajs.CompressionTypes.GZIP);
      const codecs = kafkajs.CompressionCodecs;
      const gzip: unknown = codecs[kafkajs.CompressionTypes.GZIP];
      closeLater(() => Object.assign(codecs, { [kafkajs.CompressionTypes.GZIP]: gzip }));
      Object.assign(codecs, {
        [kafkajs.CompressionTypes.GZIP]: () => ({
          decompress: () => {
            throw new TypeError('not to be read');
          },
        }),
      });
      await eventually(() => lane.fatal.length > 0);
      expect(lane.fatal).toMatchObject([{ code: 'consumer-dead', retryable: false }]);
      expect(lane.strategy.ready()).toMatchObject({ ok: false });
      expect(lane.strategy.ready().reasons.join()).toContain('not to be read');
      await lane.close();
    },
    LIMIT_MS,
  );
});
