import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka } from 'kafkajs';
import type { RawRecord } from '#events';
import { classifyError } from './classify-error.ts';
import { createKafka } from './kafka-client.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { KafkaError } from './kafka-error.ts';
import { onceTopicsAreKnown } from './once-topics-are-known.ts';

const RETRY = { retries: 5, initialRetryTime: 200, maxRetryTime: 1_000 };

/**
 * Reads what a topic holds now, from its beginning to where each partition ends when it is called, in a group of its own
 * that commits nothing. `topic` is without prefix; a partition's records come in order. `onRecord` must not throw.
 * Rejects with a `KafkaError`.
 */
export async function readTopic(
  connection: KafkaConnection,
  topic: string,
  onRecord: (record: RawRecord) => void,
): Promise<void> {
  const name = connection.topicPrefix + topic;
  try {
    const kafka = createKafka(connection, RETRY);
    const ends = await endsOf(kafka, name);
    if (ends.size === 0) return;
    const consumer = kafka.consumer({
      groupId: `${connection.clientId}-read-${randomUUID()}`,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
    });
    try {
      await readUntil(consumer, name, ends, (record) => onRecord({ ...record, topic }));
    } finally {
      await consumer.disconnect();
    }
  } catch (error) {
    throw classifyError(error);
  }
}

/** Where each partition that holds something ends. */
async function endsOf(kafka: Kafka, name: string): Promise<Map<number, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(name)) {
      const message = `Kafka: there is no topic ${name}; has a notifier run with this KAFKA_TOPIC_PREFIX?`;
      throw new KafkaError('topics-unfit', message, { retryable: false });
    }
    const offsets = await onceTopicsAreKnown(() => admin.fetchTopicOffsets(name));
    const filled = offsets.filter(({ low, high }) => BigInt(low) < BigInt(high));
    return new Map(filled.map(({ partition, high }) => [partition, BigInt(high)]));
  } finally {
    await admin.disconnect();
  }
}

async function readUntil(
  consumer: Consumer,
  name: string,
  ends: ReadonlyMap<number, bigint>,
  onRecord: (record: RawRecord) => void,
): Promise<void> {
  const left = new Set(ends.keys());
  const done = Promise.withResolvers<void>();
  // Said of every batch, also of those whose records are markers or were compacted away.
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
    if (BigInt(lastOffset) + 1n >= (ends.get(partition) ?? 0n)) left.delete(partition);
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
      if (BigInt(offset) >= (ends.get(partition) ?? 0n)) return;
      onRecord({ topic: name, partition, offset, key, value, headers, timestamp: Number(timestamp) });
    },
  });
  await done.promise;
}
