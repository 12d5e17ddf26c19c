export type { KafkaConnection, KafkaSasl } from './kafkajs/kafka-connection.ts';
export { KafkaError } from './kafkajs/kafka-error.ts';
export type { KafkaErrorCode } from './kafkajs/kafka-error.ts';
export type { KafkaLog } from './kafkajs/kafka-log.ts';
export { createPublisher } from './producer/publisher.ts';
export type { OutgoingRecord, Publisher, PublishOptions } from './producer/publisher.ts';
export { createOutcomeLog } from './producer/outcome-log.ts';
export { createDeadLetters } from './producer/dead-letters.ts';
export { createRetryQueue } from './producer/retry-queue.ts';
export { createSwitchCommands } from './producer/switch-commands.ts';
export { ensureTopics } from './topics/ensure-topics.ts';
export type { FamilyDeadlines } from './topics/topic-rules.ts';
export type { TopicsOptions } from './topics/ensure-topics.ts';
export { KafkaBatchStrategy } from './consumer/kafka-batch-strategy.ts';
export type { GroupConsumerOptions, Readiness } from './consumer/group-consumer.ts';
export { followTopic, type Following } from './consumer/follow-topic.ts';
export {
  deadLetterName,
  HANDLINGS,
  handledMark,
  handlingOf,
  type Handling,
} from './producer/handled-mark.ts';
export { readTopic, readUncommitted } from './consumer/read-topic.ts';
export { replayOf, type Replay } from './producer/replay-of.ts';
