// First of all: what loads kafkajs comes behind it.
import './record-batch.ts';
export type { KafkaConnection, KafkaSasl } from './kafka-connection.ts';
export { KafkaError } from './kafka-error.ts';
export type { KafkaErrorCode } from './kafka-error.ts';
export type { KafkaLog } from './kafka-log.ts';
export { createPublisher } from './publisher.ts';
export type { OutgoingRecord, Publisher, PublishOptions, RecordHeaders } from './publisher.ts';
export { createOutcomeLog } from './outcome-log.ts';
export { createDeadLetters } from './dead-letters.ts';
export { createRetryQueue } from './retry-queue.ts';
export { createSwitchCommands } from './switch-commands.ts';
export { ensureTopics } from './ensure-topics.ts';
export type { TopicsOptions } from './ensure-topics.ts';
export { KafkaBatchStrategy } from './kafka-batch-strategy.ts';
export type { LaneOptions, Readiness } from './lane-consumer.ts';
export { followTopic, type Following } from './follow-topic.ts';
export { readTopic } from './read-topic.ts';
export { replayOf, type Replay } from './replay-of.ts';
