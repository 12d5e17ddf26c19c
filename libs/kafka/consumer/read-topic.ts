import { randomUUID } from 'node:crypto';
import type { RawRecord } from '#events';
import {
  createKafka,
  retryUntilTopicsKnown,
  type Consumer,
  type Kafka,
  type KafkaConnection,
} from '../kafkajs/kafka-client.ts';
import { classifyError, KafkaError } from '../kafkajs/kafka-error.ts';

const RETRY = { retries: 5, initialRetryTime: 200, maxRetryTime: 1_000 };

/** Reads what a topic holds now behind the offsets that a group has committed. Otherwise like `readTopic`. */
export async function readUncommitted(
  connection: KafkaConnection,
  topic: string,
  groupId: string,
  onRecord: (record: RawRecord) => void,
): Promise<void> {
  const name = connection.topicPrefix + topic;
  try {
    const kafka = createKafka(connection, RETRY);
    const ranges = await uncommittedOf(kafka, name, groupId, await rangesOf(kafka, name));
    await readRanges(kafka, connection.clientId, { name, ranges }, (record) =>
      onRecord({ ...record, topic }),
    );
  } catch (error) {
    throw classifyError(error);
  }
}

/**
 * Reads what a topic holds now, from the beginning to the high watermark that each partition has when this is called, in a
 * separate group that commits nothing. `topic` is without prefix; a partition's records come in order. `onRecord` must
 * not throw. Rejects with a `KafkaError`.
 */
export async function readTopic(
  connection: KafkaConnection,
  topic: string,
  onRecord: (record: RawRecord) => void,
): Promise<void> {
  const name = connection.topicPrefix + topic;
  try {
    const kafka = createKafka(connection, RETRY);
    const ranges = await rangesOf(kafka, name);
    await readRanges(kafka, connection.clientId, { name, ranges }, (record) =>
      onRecord({ ...record, topic }),
    );
  } catch (error) {
    throw classifyError(error);
  }
}

/** Offsets of a partition, without `to`. */
interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

interface TopicRanges {
  readonly name: string;
  readonly ranges: ReadonlyMap<number, Range>;
}

async function readRanges(
  kafka: Kafka,
  clientId: string,
  topic: TopicRanges,
  onRecord: (record: RawRecord) => void,
): Promise<void> {
  if (topic.ranges.size === 0) return;
  const consumer = kafka.consumer({
    groupId: `${clientId}-read-${randomUUID()}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
  });
  try {
    await readUntil(consumer, topic, onRecord);
  } finally {
    await consumer.disconnect();
  }
}

async function uncommittedOf(
  kafka: Kafka,
  name: string,
  groupId: string,
  ranges: ReadonlyMap<number, Range>,
): Promise<Map<number, Range>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const [committed] = await admin.fetchOffsets({ groupId, topics: [name] });
    const from = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return new Map(
      [...ranges]
        .map(([partition, range]): [number, Range] => {
          const offset = from.get(partition) ?? -1n;
          return [partition, offset > range.from ? { ...range, from: offset } : range];
        })
        .filter(([, range]) => range.from < range.to),
    );
  } finally {
    await admin.disconnect();
  }
}

/** The offsets that each partition holds; partitions without records are left out. */
async function rangesOf(kafka: Kafka, name: string): Promise<Map<number, Range>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(name)) {
      const message = `Kafka: there is no topic ${name}; has a notifier run with this KAFKA_TOPIC_PREFIX?`;
      throw new KafkaError('topics-unfit', message, { retryable: false });
    }
    const offsets = await retryUntilTopicsKnown(() => admin.fetchTopicOffsets(name));
    const filled = offsets.filter(({ low, high }) => BigInt(low) < BigInt(high));
    return new Map(
      filled.map(({ partition, low, high }) => [partition, { from: BigInt(low), to: BigInt(high) }]),
    );
  } finally {
    await admin.disconnect();
  }
}

async function readUntil(
  consumer: Consumer,
  { name, ranges }: TopicRanges,
  onRecord: (record: RawRecord) => void,
): Promise<void> {
  const left = new Set(ranges.keys());
  const done = Promise.withResolvers<void>();
  // Emitted for every batch, even when all its records are control records or were compacted away.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    if (BigInt(lastOffset) + 1n >= (ranges.get(partition)?.to ?? 0n)) left.delete(partition);
    if (left.size === 0) done.resolve();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) done.reject(payload.error);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [name], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const { offset, key, value, headers = {}, timestamp } = message;
      const { from = 0n, to = 0n } = ranges.get(partition) ?? {};
      if (BigInt(offset) < from || BigInt(offset) >= to) return;
      onRecord({ topic: name, partition, offset, key, value, headers, timestamp: Number(timestamp) });
    },
  });
  // The group is new: without these seeks it would begin at the beginning of the topic.
  for (const [partition, { from }] of ranges) consumer.seek({ topic: name, partition, offset: String(from) });
  await done.promise;
}
