import { loadEnvironment, secretsIn } from '#platform';
import type { Ground } from './ground.ts';
import { REDIS_KEY_PREFIX } from './subscribers.ts';

/** The seal key of a chaos run. */
export const SEAL_KEY = { id: 'chaos', key: Buffer.alloc(32, 3) };

/** The code in every access mail of a chaos run. */
export const CODE = '31415926';

/** The secrets that must not appear in any log of a row's notifiers. */
export function secretsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  return [CODE, ...secretsIn(loadEnvironment([], environment))];
}

/** The environment of a row's notifiers; `name` keeps its topics and groups apart from other rows'. */
export function notifierEnvironment(
  ground: Ground,
  name: string,
  smtpUrl: string,
): Readonly<Record<string, string>> {
  return {
    KAFKA_BROKERS: ground.bootstrap,
    KAFKA_TOPIC_PREFIX: `${name}.`,
    KAFKA_GROUP_ID: name,
    REDIS_URL: ground.redisUrl,
    REDIS_KEY_PREFIX,
    SMTP_URL: smtpUrl,
    SEAL_KEYS: `${SEAL_KEY.id}:${SEAL_KEY.key.toString('base64')}`,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    LOG_LEVEL: 'info',
  };
}
