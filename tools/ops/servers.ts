import { maskSecrets } from '#events';
import type { KafkaConnection } from '#kafka';
import type { Sources } from '#operations';
import {
  createLogger,
  exitOnBadEnvironment,
  kafkaAccess,
  loadEnvironment,
  secretsIn,
  type EnvironmentWith,
  type VariableName,
} from '#platform';
import { connectRedis, PARTS_OF, type RedisConnection } from '#redis';

/** Longer than the apps give it: who asks would rather wait than be told that a slow Redis is away. */
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
  const redis = connect(environment.REDIS_URL, environment);
  try {
    await redis.ready(REDIS_ANSWER_MS);
    return await work(redis);
  } finally {
    await redis.close();
  }
}

/**
 * Runs `work` on connections to everything that knows what became of events, none of which has to be there, and closes
 * them.
 */
export async function withSources<T>(
  environment: EnvironmentWith<'REDIS_URL' | 'KAFKA_BROKERS'>,
  work: (sources: Sources) => Promise<T>,
): Promise<T> {
  const { HISTORY_REDIS_URL, KAFKA_GROUP_ID: groupId } = environment;
  const kafka = kafkaConnection(environment);
  const redis = connect(environment.REDIS_URL, environment);
  const history = HISTORY_REDIS_URL ? connect(HISTORY_REDIS_URL, environment) : redis;
  try {
    return await work({ kafka, groupId, redis, history, readyWithinMs: REDIS_ANSWER_MS });
  } finally {
    await Promise.all([...new Set([redis, history])].map((one) => one.close()));
  }
}

function connect(
  urls: readonly string[],
  { REDIS_KEY_PREFIX }: EnvironmentWith<'REDIS_URL'>,
): RedisConnection {
  return connectRedis({
    urls,
    keyPrefix: REDIS_KEY_PREFIX,
    parts: PARTS_OF.ops,
    commandTimeoutMs: REDIS_ANSWER_MS,
  });
}
