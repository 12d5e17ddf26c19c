import type { KafkaConnection } from '#kafka';

const ignore = (): void => undefined;

/** A connection to a plaintext Kafka on this machine that logs nothing. `brokers` is in the form of `KAFKA_BROKERS`. */
export function localConnection(brokers: string, clientId: string, topicPrefix: string): KafkaConnection {
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return { brokers: brokers.split(','), clientId, ssl: false, topicPrefix, log };
}
