import request from 'supertest';
import { createLogger, loadEnvironment } from '#platform';
import { REQUIRED, startSettings, type SettingsApi } from '../../apps/settings/src/start-settings.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { createTopics } from './kafka.ts';
import { kafkaBrokers, redisUrl } from './servers.ts';
import { uniqueName } from './unique-name.ts';

const TOKEN = 'for-tests';
export const SEAL_KEY = { id: 'k1', key: Buffer.alloc(32, 1) };

/** A settings API of its own on the real servers, closed after the file. */
export interface TestSettingsApi extends SettingsApi {
  readonly topicPrefix: string;
  readonly log: readonly string[];
  /** Asks with a good token. */
  ask(method: 'get' | 'put' | 'post' | 'delete', path: string): request.Test;
}

/** Starts it; `variables` come on top of the ones that name the test servers. */
export async function startSettingsApi(variables: Record<string, string> = {}): Promise<TestSettingsApi> {
  const topicPrefix = `${uniqueName('settings')}.`;
  const log: string[] = [];
  const environment = loadEnvironment(REQUIRED, {
    KAFKA_BROKERS: kafkaBrokers().join(','),
    KAFKA_TOPIC_PREFIX: topicPrefix,
    KAFKA_GROUP_ID: topicPrefix,
    KAFKA_CREATE_TOPICS: 'false',
    REDIS_URL: redisUrl(),
    REDIS_KEY_PREFIX: topicPrefix,
    SEAL_KEYS: `${SEAL_KEY.id}:${SEAL_KEY.key.toString('base64')}`,
    SETTINGS_API_TOKENS: `tests:${TOKEN}`,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    ...variables,
  });
  const logger = createLogger({
    app: 'settings',
    level: 'debug',
    destination: { write: (line) => void log.push(line) },
  });
  await createTopics(['access-mails', 'notify-outcomes'].map((topic) => topicPrefix + topic));
  const api = await startSettings(environment, logger, (error) => {
    throw error;
  });
  closeLater(() => api.close());
  await eventually(async () => (await request(api.url).get('/readyz')).status === 200);
  return {
    ...api,
    topicPrefix,
    log,
    ask: (method, path) => request(api.url)[method](path).set('authorization', `Bearer ${TOKEN}`),
  };
}

/** Where the errors of a problem document stand and what they are: `recipients.0.address duplicate`. */
export function errorsOf(answer: request.Response): string[] {
  const { errors } = answer.body as { errors: { path: string; code: string }[] };
  return errors.map(({ path, code }) => `${path} ${code}`.trim());
}

let serial = 0;
/** A number that no other test of this file uses. */
export function someNumber(): string {
  serial += 1;
  return `03${String(serial).padStart(8, '0')}`;
}
