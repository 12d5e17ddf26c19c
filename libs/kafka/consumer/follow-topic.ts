import { randomUUID } from 'node:crypto';
import type { RawRecord } from '#events';
import type { KafkaConnection } from '../kafkajs/kafka-connection.ts';
import { LastingConsumer } from './lasting-consumer.ts';

/** Brokers take none that is shorter, unless told. */
const SHORTEST_SESSION_MS = 6_000;

/** A topic being read along. */
export interface Following {
  close(): Promise<void>;
}

/**
 * Reads a topic from its beginning and goes on with what comes, in a group of its own that commits nothing: to look
 * on, not to work. Each record comes once, also when Kafka was away meanwhile. Resolves when it has begun. `topic` is
 * without prefix; `onRecord` must not throw.
 */
export async function followTopic(
  connection: KafkaConnection,
  topic: string,
  onRecord: (record: RawRecord) => void,
): Promise<Following> {
  const toldTo = new Map<number, bigint>();
  const consumer = new LastingConsumer({
    connection,
    topics: [connection.topicPrefix + topic],
    config: {
      groupId: `${connection.clientId}-look-${randomUUID()}`,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
      // After a broker's restart it joins as a stranger, and waits until the group has forgotten what it was before.
      sessionTimeout: SHORTEST_SESSION_MS,
      rebalanceTimeout: SHORTEST_SESSION_MS,
    },
    run: {
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const { offset, key, value, headers = {}, timestamp } = message;
        // One that joins as a stranger begins from the beginning.
        if (BigInt(offset) <= (toldTo.get(partition) ?? -1n)) return;
        toldTo.set(partition, BigInt(offset));
        onRecord({ topic, partition, offset, key, value, headers, timestamp: Number(timestamp) });
      },
    },
  });
  await consumer.start();
  return { close: () => consumer.close() };
}
