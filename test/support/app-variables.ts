import { kafkaBrokers, redisUrl } from './servers.ts';

type Name =
  | 'KAFKA_BROKERS'
  | 'KAFKA_TOPIC_PREFIX'
  | 'KAFKA_GROUP_ID'
  | 'REDIS_URL'
  | 'REDIS_KEY_PREFIX'
  | 'HTTP_HOST'
  | 'HTTP_PORT';

/** Configures an app for the test servers. `prefix` keeps its topics, groups and keys apart from those of other tests. */
export function appVariables(prefix: string): Readonly<Record<Name, string>> {
  return {
    KAFKA_BROKERS: kafkaBrokers().join(','),
    KAFKA_TOPIC_PREFIX: prefix,
    KAFKA_GROUP_ID: prefix,
    REDIS_URL: redisUrl(),
    REDIS_KEY_PREFIX: prefix,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
  };
}
