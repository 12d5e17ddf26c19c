import { createPublisher } from '#kafka';
import { connectRedis, type RedisConnection } from '#redis';
import { formsOf, kafkaAccess } from '#platform';
import { startNotifier } from '../../apps/notifier/src/start-notifier.ts';
import { REQUIRED } from '../../apps/notifier/src/notifier-environment.ts';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import { startOwnRedis } from '../integration/own-redis.ts';
import { openProxy } from '../integration/redis-proxy.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { kafkaBrokers, smtpUrl } from '../support/servers.ts';
import { startUnready } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
const PASSWORD = 'k3Yb0ard/cat+7';
const prefix = `${uniqueName('log')}.`;
let redis: RedisConnection;
let redisUrl: string;

beforeAll(async () => {
  await ensureTemplates();
  const address = await startOwnRedis();
  redis = connectRedis({ urls: [`redis://${address}`], keyPrefix: prefix });
  closeLater(() => redis.close());
  await redis.ready(10_000);
  await redis.client.config('SET', 'requirepass', PASSWORD);
  redisUrl = `redis://:${encodeURIComponent(PASSWORD)}@${address}`;
}, LIMIT);

/** Redis takes another password from now on, and everybody has to log in again. */
async function refuseLogins(): Promise<void> {
  await redis.client.auth(PASSWORD);
  await redis.client.config('SET', 'requirepass', 'another-password');
  await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
}

function expectNoneIn(log: readonly string[], secret: string): void {
  const text = log.join('');
  for (const form of formsOf(secret)) expect(text.includes(form)).toBe(false);
}

it(
  'O5 the password of Redis is in no line of either app, also while it is refused',
  async () => {
    const log: string[] = [];
    const logger = testLogger({
      app: 'notifier',
      level: 'trace',
      destination: { write: (line) => void log.push(line) },
    });
    const environment = testEnvironment(REQUIRED, {
      KAFKA_BROKERS: kafkaBrokers().join(','),
      KAFKA_TOPIC_PREFIX: prefix,
      KAFKA_GROUP_ID: prefix,
      REDIS_URL: redisUrl,
      REDIS_KEY_PREFIX: prefix,
      SMTP_URL: smtpUrl(),
      SEAL_KEYS: `k:${Buffer.alloc(32, 5).toString('base64')}`,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
    });
    const notifier = await startNotifier(environment, logger, (error) => {
      throw error;
    });
    closeLater(() => notifier.close());
    await notifier.joined;
    const api = await startUnready(`${prefix}api.`, { REDIS_URL: redisUrl, KAFKA_CREATE_TOPICS: 'true' });
    await refuseLogins();
    for (const lines of [log, api.log])
      await eventually(() => /"level":"warn".*(WRONGPASS|NOAUTH)/.test(lines.join('')), LIMIT);
    for (const lines of [log, api.log]) expectNoneIn(lines, PASSWORD);
    await redis.client.auth('another-password');
    await redis.client.config('SET', 'requirepass', '');
  },
  LIMIT,
);

it('O5 the password of Kafka is in no line, also while it is refused', async () => {
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = testLogger({ app: 'notifier', level: 'trace', destination });
  // kafkajs leaves connections open that could not log in: the proxy ends them.
  const proxy = await openProxy(`kafka://${kafkaBrokers()[0]}`);
  // This broker takes no logins at all, so that each one fails.
  const environment = testEnvironment(['KAFKA_BROKERS'], {
    KAFKA_BROKERS: new URL(proxy.url).host,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: 'notify',
    KAFKA_SASL_PASSWORD: 'b0ttle-of-ink',
  });
  const publisher = createPublisher({ ...kafkaAccess(environment), clientId: prefix, log: logger });
  closeLater(() => publisher.close());
  const record = { topic: 'any', key: null, value: 'x', headers: {} };
  const refused: unknown = await publisher.publish([record], { withinMs: 1_000 }).catch((error) => error);
  expect(refused).toBeInstanceOf(Error);
  logger.fatal({ err: refused }, 'refused');
  expect(log.join('')).toContain('SASL');
  expectNoneIn(log, 'b0ttle-of-ink');
});
