import { maskSecrets } from '#events';
import type { KafkaConnection } from '#kafka';
import {
  createLogger,
  exitOnBadEnvironment,
  kafkaAccess,
  loadEnvironment,
  secretsIn,
  type EnvironmentWith,
  type VariableName,
} from '#platform';
import { connectRedis, type RedisConnection } from '#redis';

const REDIS_ANSWER_MS = 5_000;

/** Reads the environment with the variables a command requires. On problems prints a line for each and exits with 78. */
export function environmentWith<const K extends VariableName>(requires: readonly K[]): EnvironmentWith<K> {
  return exitOnBadEnvironment(() => loadEnvironment(requires));
}

/** The Kafka connection of the operator's commands. It logs errors to standard error. */
export function kafkaConnection(environment: EnvironmentWith<'KAFKA_BROKERS'>): KafkaConnection {
  const log = createLogger({
    app: 'ops',
    level: 'error',
    mask: maskSecrets(secretsIn(environment)),
    destination: process.stderr,
  });
  return { ...kafkaAccess(environment), clientId: 'denwa-notify-ops', log };
}

/** Runs `work` on a connection to Redis and closes it. Rejects with a `RedisError` when Redis does not answer. */
export async function withRedis<T>(
  environment: EnvironmentWith<'REDIS_URL'>,
  work: (redis: RedisConnection) => Promise<T>,
): Promise<T> {
  return withRedisAt(environment.REDIS_URL, environment, work);
}

/** Like `withRedis`, on the history's Redis, which may be the same one. */
export async function withHistoryRedis<T>(
  environment: EnvironmentWith<'REDIS_URL'>,
  work: (redis: RedisConnection) => Promise<T>,
): Promise<T> {
  return withRedisAt(environment.HISTORY_REDIS_URL ?? environment.REDIS_URL, environment, work);
}

async function withRedisAt<T>(
  urls: readonly string[],
  environment: EnvironmentWith<'REDIS_URL'>,
  work: (redis: RedisConnection) => Promise<T>,
): Promise<T> {
  const redis = connectRedis({ urls, keyPrefix: environment.REDIS_KEY_PREFIX });
  try {
    await redis.ready(REDIS_ANSWER_MS);
    return await work(redis);
  } finally {
    await redis.close();
  }
}
