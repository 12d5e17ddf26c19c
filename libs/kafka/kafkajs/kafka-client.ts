import { setTimeout as pause } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import type { Kafka, KafkaConfig, RetryOptions, SASLOptions } from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import { createKafkajsLogCreator, type KafkaLog } from './kafka-log.ts';
import { applyPatches } from './patches/apply-patches.ts';

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

/** How to log in to Kafka (SASL). */
export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Which Kafka, as whom, and what stands before every topic's name there. */
export interface KafkaConnection {
  /** `host:port`, any of the cluster's. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl: boolean;
  readonly sasl?: KafkaSasl;
  /** Put before every topic's name as it is; may be empty. */
  readonly topicPrefix: string;
  readonly log: KafkaLog;
}

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

/** A broker may hear of a new topic, or that it leads a partition of it, a while after the one that created it. */
const NOT_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION']);
const TRIES = 50;
const TRY_AGAIN_MS = 200;

/** Does it again while a broker does not know a topic or its part in it yet, for ten seconds at most. */
export async function retryUntilTopicsKnown<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      const type: unknown = error instanceof Error ? Reflect.get(error, 'type') : undefined;
      if (!NOT_YET.has(String(type)) || tries === TRIES) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
}
