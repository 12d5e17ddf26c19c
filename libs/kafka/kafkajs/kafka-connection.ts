import type { KafkaLog } from './kafka-log.ts';

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
