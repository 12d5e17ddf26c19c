import request from 'supertest';
import { REQUIRED } from '../../apps/settings/src/settings-environment.ts';
import { startSettings, type SettingsApi } from '../../apps/settings/src/start-settings.ts';
import { openRedis } from '../integration/redis-for-test.ts';
import { appVariables } from './app-variables.ts';
import { asProgram } from './as-program.ts';
import { closeLater } from './close-later.ts';
import { eventually } from './eventually.ts';
import { createSwitchTopics, createTopics } from './kafka.ts';
import { testEnvironment, testLogger } from './run-log.ts';
import { uniqueName } from './unique-name.ts';

const TOKEN = 'for-tests';
export const SEAL_KEY = { id: 'k1', key: Buffer.alloc(32, 1) };

/** A settings API on the real servers. It is closed and its topics and keys are removed after the file. */
export interface TestSettingsApi extends SettingsApi {
  /** The prefix of its topics and keys. */
  readonly prefix: string;
  readonly log: readonly string[];
  /** Makes a request with a valid token. */
  ask(method: 'get' | 'put' | 'post' | 'delete', path: string): request.Test;
}

/** Starts a settings API and waits until it is ready; `variables` override the usual environment. */
export async function startSettingsApi(variables: Record<string, string> = {}): Promise<TestSettingsApi> {
  const prefix = `${uniqueName('settings')}.`;
  const topics = ['access-mails', 'notify-outcomes', 'fax-events', 'operator-actions'];
  await createTopics(topics.map((topic) => prefix + topic));
  await createSwitchTopics(prefix);
  const api = await startUnready(prefix, variables);
  await eventually(async () => (await request(api.url).get('/readyz')).status === 200);
  return api;
}

/** Starts a settings API without creating topics and without waiting until it is ready. */
export async function startUnready(
  prefix: string,
  variables: Record<string, string>,
): Promise<TestSettingsApi> {
  await openRedis({ keyPrefix: prefix });
  const log: string[] = [];
  const asked = await asProgram('settings', {
    ...appVariables(prefix),
    KAFKA_CREATE_TOPICS: 'false',
    SEAL_KEYS: `${SEAL_KEY.id}:${SEAL_KEY.key.toString('base64')}`,
    SETTINGS_API_TOKENS: `tests:${TOKEN}`,
    ...variables,
  });
  const environment = testEnvironment(REQUIRED, asked);
  const destination = { write: (line: string) => void log.push(line) };
  const logger = testLogger({ app: 'settings', level: 'debug', destination });
  const api = await startSettings(environment, logger, (error) => {
    throw error;
  });
  closeLater(() => api.close());
  return {
    ...api,
    prefix,
    log,
    ask: (method, path) => request(api.url)[method](path).set('authorization', `Bearer ${TOKEN}`),
  };
}

/** The errors of a problem document, each with path and code: `recipients.0.address duplicate`. */
export function errorsOf(answer: request.Response): string[] {
  const { errors } = answer.body as { errors: { path: string; code: string }[] };
  return errors.map(({ path, code }) => `${path} ${code}`.trim());
}

let serial = 0;
/** A telephone number that no other test in this file uses. */
export function someNumber(): string {
  serial += 1;
  return `03${String(serial).padStart(8, '0')}`;
}
