import type { KafkaConnection } from './kafka-connection.ts';

export interface TopicsOptions {
  /** Whether to create what is missing (`KAFKA_CREATE_TOPICS`). */
  readonly create: boolean;
}

/**
 * Creates the topics that are missing and checks that each can hold the promise. Rejects with a `KafkaError`
 * `topics-unfit` whose message has one line for each reason. Several processes may do it at once.
 */
export function ensureTopics(_connection: KafkaConnection, _options: TopicsOptions): Promise<void> {
  throw new Error('not yet');
}
