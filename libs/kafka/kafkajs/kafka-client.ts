import kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig, RetryOptions, SASLOptions } from 'kafkajs';
import { applyPatches } from './patches/apply-patches.ts';
import { registerCodecs } from './codecs.ts';
import type { KafkaConnection, KafkaSasl } from './kafka-connection.ts';
import { createKafkajsLogCreator } from './kafka-log.ts';

/** What the other rooms see of kafkajs. */
export type {
  Admin,
  Batch,
  Cluster,
  ConfigEntries,
  Consumer,
  ConsumerConfig,
  ConsumerEndBatchProcessEvent,
  ConsumerRunConfig,
  EachBatchPayload,
  ITopicConfig,
  Kafka,
  KafkaMessage,
  Message,
  Offsets,
  Producer,
  ProducerBatch,
  RecordMetadata,
  RequestEvent,
  TopicPartitionOffset,
} from 'kafkajs';
export const { CompressionTypes, ConfigResourceTypes, ConfigSource, Partitioners } = kafkajs;

// Before any client is made: a process with another kafkajs than the one that is patched ends here.
applyPatches();
registerCodecs();

/** A broker across the country answers its handshake in less; kafkajs' own second is too short for TLS under load. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** A dead peer is noticed after that long; requests that wait by design (fetch, join) bring their own time. */
const REQUEST_TIMEOUT_MS = 15_000;

/** A kafkajs client, not yet connected, with its defects answered. `retry` is for its connections and metadata. */
export function createKafka(connection: KafkaConnection, retry: RetryOptions): Kafka {
  const config: KafkaConfig = {
    brokers: [...connection.brokers],
    clientId: connection.clientId,
    ssl: connection.ssl,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: createKafkajsLogCreator(connection.log),
  };
  if (connection.sasl) config.sasl = saslOptions(connection.sasl);
  return new kafkajs.Kafka(config);
}

function saslOptions({ mechanism, username, password }: KafkaSasl): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}
