import type { SASL_MECHANISMS, Environment } from './environment-schema.ts';

/** Which Kafka, with which login, and the prefix of every topic name there. */
export interface KafkaAccess {
  readonly brokers: readonly string[];
  readonly ssl: boolean;
  readonly sasl?: {
    readonly mechanism: (typeof SASL_MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  };
  readonly topicPrefix: string;
}

/** Collects the environment's variables for Kafka. */
export function kafkaAccess(
  environment: Environment & { readonly KAFKA_BROKERS: readonly string[] },
): KafkaAccess {
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = environment;
  return {
    brokers: environment.KAFKA_BROKERS,
    ssl: environment.KAFKA_SSL,
    topicPrefix: environment.KAFKA_TOPIC_PREFIX,
    ...(mechanism && username && password ? { sasl: { mechanism, username, password } } : {}),
  };
}
