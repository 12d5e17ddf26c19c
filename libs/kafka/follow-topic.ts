import { randomUUID } from 'node:crypto';
import type { RawRecord } from '#events';
import { createKafka } from './kafka-client.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { onceTopicsAreKnown } from './once-topics-are-known.ts';

/** A topic being read along. */
export interface Following {
  close(): Promise<void>;
}

/**
 * Reads a topic from its beginning and goes on with what comes, in a group of its own that commits nothing: to look
 * on, not to work. `topic` is without prefix; `onRecord` must not throw.
 */
export async function followTopic(
  connection: KafkaConnection,
  topic: string,
  onRecord: (record: RawRecord) => void,
): Promise<Following> {
  const consumer = createKafka(connection, { retries: 1000, maxRetryTime: 1000 }).consumer({
    groupId: `${connection.clientId}-look-${randomUUID()}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
  });
  const topics = [connection.topicPrefix + topic];
  await consumer.connect();
  await onceTopicsAreKnown(() => consumer.subscribe({ topics, fromBeginning: true }));
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      const { offset, key, value, headers = {}, timestamp } = message;
      onRecord({ topic, partition, offset, key, value, headers, timestamp: Number(timestamp) });
    },
  });
  return { close: () => consumer.disconnect() };
}
