import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig, RetryOptions, SASLOptions } from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import { createKafkajsLogCreator, type KafkaLog } from './kafka-log.ts';
import { applyPatches } from './patches/apply-patches.ts';

/** The part of kafkajs that the other rooms use. */
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

// Before any client is created: a process with a kafkajs other than the patched version ends here.
applyPatches();
registerCodecs();

/** How to log in to Kafka (SASL). */
interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How to connect to Kafka, and the prefix of our topics there. */
export interface KafkaConnection {
  /** `host:port` of any brokers of the cluster. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl: boolean;
  readonly sasl?: KafkaSasl;
  /** Prepended to every topic name as it is; may be empty. */
  readonly topicPrefix: string;
  readonly log: KafkaLog;
}

/** kafkajs' default of a second is too short for TLS under load or to a distant broker. */
const CONNECTION_TIMEOUT_MS = 5_000;

/** After this a peer counts as dead. Requests that wait by design (fetch, join) have their own time-out. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Creates a patched kafkajs client, not yet connected. `retry` applies to its connections and metadata. */
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

/** A broker may learn of a new topic, or that it leads one of its partitions, a while after the topic was created. */
const STALE_METADATA = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
]);
const TRIES = 50;
const TRY_AGAIN_MS = 200;

/** Retries an action while a broker does not know a topic, or its partitions' leaders, yet; for ten seconds at most. */
export async function retryUntilTopicsKnown<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
      if (!STALE_METADATA.has(String(type)) || tries === TRIES) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
}
