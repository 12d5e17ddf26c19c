export type { KafkaConnection } from './kafkajs/kafka-client.ts';
export { KafkaError } from './kafkajs/kafka-error.ts';
export { ensureTopics } from './topics/ensure-topics.ts';
export { lookForKafka } from './topics/look-for-kafka.ts';
export { KafkaBatchStrategy } from './consumer/kafka-batch-strategy.ts';
export { followTopic, type Following } from './consumer/follow-topic.ts';
export { readBacklogs, type AskedBacklog, type TopicBacklog } from './consumer/read-backlogs.ts';
export { readTopic, readUncommitted } from './consumer/read-topic.ts';
export type { OutgoingRecord } from './producer/outgoing-record.ts';
export { createPublisher, type Publisher } from './producer/publisher.ts';
export { createRequestPublisher, type RequestPublisher } from './producer/request-publisher.ts';
export { createOutcomeLog } from './producer/outcome-log.ts';
export { createRetryQueue } from './producer/retry-queue.ts';
export { createSwitchCommands } from './producer/switch-commands.ts';
export { createDeadLetters } from './producer/dead-letters.ts';
export {
  deadLetterName,
  handledMark,
  HANDLINGS,
  handlingOf,
  replayOf,
  type Handling,
} from './producer/dead-letter-handling.ts';
