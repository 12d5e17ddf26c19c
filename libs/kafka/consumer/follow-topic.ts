import { randomUUID } from 'node:crypto';
import type { RawRecord } from '#events';
import type { KafkaConnection } from '../kafkajs/kafka-client.ts';
import { RestartingConsumer } from './restarting-consumer.ts';

/** The shortest that brokers accept by default. */
const SHORTEST_SESSION_MS = 6_000;

/** A topic that is being followed. */
export interface Following {
  close(): Promise<void>;
}

/**
 * Reads a topic from its beginning and goes on with new records, in a separate group that commits nothing. Each record
 * is delivered once, even when Kafka is unavailable for a while. Resolves when it has joined. `topic` is without
 * prefix; `onRecord` must not throw.
 */
export async function followTopic(
  connection: KafkaConnection,
  topic: string,
  onRecord: (record: RawRecord) => void,
): Promise<Following> {
  const deliveredTo = new Map<number, bigint>();
  const consumer = new RestartingConsumer({
    connection,
    topics: [connection.topicPrefix + topic],
    config: {
      groupId: `${connection.clientId}-look-${randomUUID()}`,
      allowAutoTopicCreation: false,
      maxWaitTimeInMs: 100,
      // After a broker's restart it joins as a new member, and waits until the session of the old one has timed out.
      sessionTimeout: SHORTEST_SESSION_MS,
      rebalanceTimeout: SHORTEST_SESSION_MS,
    },
    run: {
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const { offset, key, value, headers = {}, timestamp } = message;
        // As a new member it reads from the beginning again.
        if (BigInt(offset) <= (deliveredTo.get(partition) ?? -1n)) return;
        deliveredTo.set(partition, BigInt(offset));
        onRecord({ topic, partition, offset, key, value, headers, timestamp: Number(timestamp) });
      },
    },
  });
  await consumer.start();
  return { close: () => consumer.close() };
}
