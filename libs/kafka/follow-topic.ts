import { randomUUID } from 'node:crypto';
import type { RawRecord } from '#events';
import { createKafka } from './kafka-client.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import { onceTopicsAreKnown } from './once-topics-are-known.ts';

/** Brokers take none that is shorter, unless told. */
const SHORTEST_SESSION_MS = 6_000;

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
    // After a broker's restart it joins as a stranger, and waits until the group has forgotten what it was before.
    sessionTimeout: SHORTEST_SESSION_MS,
    rebalanceTimeout: SHORTEST_SESSION_MS,
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
