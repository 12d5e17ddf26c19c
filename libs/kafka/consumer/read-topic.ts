import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { RawRecord } from '#events';
import {
  createKafka,
  retryUntilTopicsKnown,
  type Consumer,
  type Kafka,
  type KafkaConnection,
} from '../kafkajs/kafka-client.ts';
import { classifyWanting, KafkaError } from '../kafkajs/kafka-error.ts';

/** How long kafkajs may take to report why a consumer has crashed. */
const CRASH_MS = 1_000;

const RETRY = { retries: 5, initialRetryTime: 200, maxRetryTime: 1_000 };

type OnRecord = (record: RawRecord) => void | Promise<void>;

/** Reads what a topic holds now behind the offsets that a group has committed. Otherwise like `readTopic`. */
export async function readUncommitted(
  connection: KafkaConnection,
  topic: string,
  groupId: string,
  onRecord: OnRecord,
): Promise<void> {
  const name = connection.topicPrefix + topic;
  try {
    const kafka = createKafka(connection, RETRY);
    const ranges = await uncommittedOf(kafka, name, groupId, await rangesOf(kafka, name));
    await readRanges(kafka, connection.clientId, { name, ranges }, (record) =>
      onRecord({ ...record, topic }),
    );
  } catch (error) {
    throw classifyWanting(`Read ${name} in groups that begin with ${connection.clientId}-`, error);
  }
}

/** Which records of a topic to read; all of them by default. */
export interface ReadFrom {
  /** Published at this time or later, in epoch milliseconds. */
  readonly since?: number;
  /** At most so many offsets of each partition, the newest. */
  readonly newest?: number;
}

/**
 * Reads what a topic holds now, to the high watermark that each partition has when this is called, in a separate group
 * that commits nothing. `topic` is without prefix; a partition's records come in order, each when `onRecord` is done with
 * the one before. `onRecord` must not throw. Rejects with a `KafkaError`.
 */
export async function readTopic(
  connection: KafkaConnection,
  topic: string,
  onRecord: OnRecord,
  { since = 0, newest }: ReadFrom = {},
): Promise<void> {
  const name = connection.topicPrefix + topic;
  try {
    const kafka = createKafka(connection, RETRY);
    const all = await rangesOf(kafka, name, since);
    const ranges = newest === undefined ? all : endsOf(all, BigInt(newest));
    await readRanges(kafka, connection.clientId, { name, ranges }, (record) =>
      onRecord({ ...record, topic }),
    );
  } catch (error) {
    throw classifyWanting(`Read ${name} in groups that begin with ${connection.clientId}-`, error);
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
  onRecord: OnRecord,
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

function endsOf(ranges: ReadonlyMap<number, Range>, newest: bigint): Map<number, Range> {
  return new Map(
    [...ranges].map(([partition, { from, to }]) => [
      partition,
      { from: to - newest > from ? to - newest : from, to },
    ]),
  );
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
async function rangesOf(kafka: Kafka, name: string, since = 0): Promise<Map<number, Range>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(name)) {
      const message = `Kafka: there is no topic ${name}; has a notifier run with this KAFKA_TOPIC_PREFIX, and may our user describe it?`;
      throw new KafkaError('topics-unfit', message, { retryable: false });
    }
    const offsets = await retryUntilTopicsKnown(() => admin.fetchTopicOffsets(name));
    const starts = since > 0 ? await admin.fetchTopicOffsetsByTimestamp(name, since) : [];
    const startOf = new Map(starts.map(({ partition, offset }) => [partition, offset]));
    return new Map(
      offsets
        .map(({ partition, low, high }): [number, Range] => [
          partition,
          { from: BigInt(startOf.get(partition) ?? low), to: BigInt(high) },
        ])
        .filter(([, { from, to }]) => from < to),
    );
  } finally {
    await admin.disconnect();
  }
}

async function readUntil(
  consumer: Consumer,
  { name, ranges }: TopicRanges,
  onRecord: OnRecord,
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
      await onRecord({ topic: name, partition, offset, key, value, headers, timestamp: Number(timestamp) });
    },
  });
  done.promise.catch(() => undefined);
  try {
    // The group is new: without these seeks it would begin at the beginning of the topic.
    for (const [partition, { from }] of ranges)
      consumer.seek({ topic: name, partition, offset: String(from) });
  } catch (error) {
    // It could not join its group, and its crash says why.
    await Promise.race([done.promise, pause(CRASH_MS)]);
    throw error;
  }
  await done.promise;
}
