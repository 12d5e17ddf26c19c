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

describe('a lane meets a batch that unpacks to more than a process can hold', () => {
  it(
    'hands on its beginning in one record, already cut, and reads on behind it',
    async () => {
      const test = await prepareLane(1);
      const seen: { offset: string; cut: string; value: string }[] = [];
      const lane = await startLane(test, async (batch) => {
        for (const one of batch.records) {
          const cut = String(one.headers['dlq-cut'] ?? '');
          seen.push({ offset: one.offset, cut, value: cut ? '' : String(one.value) });
          batch.settled(one);
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
      await lane.close();
    },
    LIMIT_MS,
  );
});

/** Makes what is compressed by GZIP unreadable until the returned function is called. */
function breakGzip(): () => void {
  const codecs = kafkajs.CompressionCodecs as Record<number, () => object>;
  const gzip = codecs[kafkajs.CompressionTypes.GZIP];
  const repair = (): void => void Object.assign(codecs, { [kafkajs.CompressionTypes.GZIP]: gzip });
  // Not in `decompress`, whose failure says that the batch is broken: that becomes a dead letter.
  const broken = (): never => {
    throw new TypeError('not to be read');
  };
  Object.assign(codecs, { [kafkajs.CompressionTypes.GZIP]: broken });
  closeLater(repair);
  return repair;
}

describe('a lane whose consumer crashes for good', () => {
  it(
    'is not ready, says why, and goes on with a new consumer that the old ones have left nothing open of',
    async () => {
      const test = await prepareLane(1);
      const values: string[] = [];
      const start = () =>
        startLane(test, async (batch) => {
          for (const one of batch.records) {
            values.push(String(one.value));
            batch.settled(one);
          }
        });
      const healthy = await start();
      const before = openNow();
      await healthy.close();
      await publishCompressed(test, kafkajs.CompressionTypes.GZIP);
      const repair = breakGzip();
      const lane = await start();
      await eventually(() => lane.strategy.ready().reasons.join().includes('not to be read'));
      await eventually(() => replacements(test) >= MANY, LIMIT_MS);
      expect(values).toEqual([]);
      repair();
      await eventually(() => values.length === 2);
      await eventually(() => lane.strategy.ready().ok);
      // The producer that published and the lane's watch have a socket and a timer each; twenty consumers had more.
      await eventually(() => openNow() <= before + 4);
      expect(test.lines.filter(({ level }) => level === 'error')).toEqual([]);
      await lane.close();
    },
    2 * LIMIT_MS,
  );
});

const MANY = 20;

function replacements({ lines }: LaneTest): number {
  return lines.filter(({ message }) => message.startsWith('A consumer ended')).length;
}

/** Sockets and timers of this process that keep it alive. */
function openNow(): number {
  return process.getActiveResourcesInfo().filter((kind) => /^(TCPSocketWrap|Timeout)$/.test(kind)).length;
}
