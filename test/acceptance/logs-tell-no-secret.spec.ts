import { connectRedis, type RedisConnection } from '#redis';
import { formsOf } from '#events';
import type { Logger } from '#platform';
import { startNotifier } from '../../apps/notifier/src/start-notifier.ts';
import { REQUIRED } from '../../apps/notifier/src/notifier-environment.ts';
import { REQUIRED as SETTINGS_REQUIRED } from '../../apps/settings/src/settings-environment.ts';
import { startSettings } from '../../apps/settings/src/start-settings.ts';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import { startOwnRedis } from '../integration/own-redis.ts';
import { openProxy } from '../integration/redis-proxy.ts';
import { appVariables } from '../support/app-variables.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { testEnvironment, testLogger } from '../support/run-log.ts';
import { kafkaBrokers, smtpUrl } from '../support/servers.ts';
import { startUnready } from '../support/settings-api.ts';
import { startSmtpFaultServer } from '../support/smtp-fault-server.ts';
import { aCall, beginStory, subscribe } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
const NUMBER = '0312350019';
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

/** Changes the password of Redis and disconnects all clients. */
async function refuseLogins(): Promise<void> {
  await redis.client.auth(PASSWORD);
  await redis.client.config('SET', 'requirepass', 'another-password');
  await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
}

/** The environment of an app on the test servers. */
const variables = (more: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...appVariables(prefix),
  REDIS_URL: redisUrl,
  SMTP_URL: smtpUrl(),
  SEAL_KEYS: `k:${Buffer.alloc(32, 5).toString('base64')}`,
  SETTINGS_API_TOKENS: `tests:${uniqueName('token')}`,
  ...more,
});

interface Logged {
  /** The lines logged so far; grows. */
  readonly log: readonly string[];
  /** Resolves when it has joined its groups, or has failed to start. */
  readonly started: Promise<unknown>;
}

const APPS = {
  notifier: (environment: Readonly<Record<string, string>>, ...parts: LogParts) =>
    startNotifier(testEnvironment(REQUIRED, environment), ...parts),
  settings: async (environment: Readonly<Record<string, string>>, ...parts: LogParts) => ({
    ...(await startSettings(testEnvironment(SETTINGS_REQUIRED, environment), ...parts)),
    joined: Promise.resolve(),
  }),
};
type LogParts = [logger: Logger, fatal: (error: unknown) => void];

/** Starts an app with a log of everything, including fatal errors, as in its own process. It is closed after the file. */
function startLogged(app: keyof typeof APPS, more: Readonly<Record<string, string>> = {}): Logged {
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = testLogger({ app, level: 'trace', destination });
  const fatal = (error: unknown): void => logger.fatal({ err: error }, 'cannot work');
  const started = APPS[app](variables(more), logger, fatal).catch((error: unknown) => {
    fatal(error);
    return undefined;
  });
  closeLater(async () => (await started)?.close());
  return { log, started: started.then((running) => running?.joined) };
}

function expectNoneIn(log: readonly string[], secret: string): void {
  const text = log.join('');
  for (const form of formsOf(secret)) expect(text.includes(form)).toBe(false);
}

it(
  'O5 the password of Redis is in no log line of either app, even while Redis rejects it',
  async () => {
    const { log, started } = startLogged('notifier');
    await started;
    const api = await startUnready(`${prefix}api.`, { REDIS_URL: redisUrl, KAFKA_CREATE_TOPICS: 'true' });
    // The app exits if its first login fails, so wait until it is ready.
    await eventually(async () => (await fetch(`${api.url}/readyz`)).ok);
    await refuseLogins();
    for (const lines of [log, api.log])
      await eventually(() => /"level":"warn".*(WRONGPASS|NOAUTH)/.test(lines.join('')), LIMIT);
    for (const lines of [log, api.log]) expectNoneIn(lines, PASSWORD);
    await redis.client.auth('another-password');
    await redis.client.config('SET', 'requirepass', '');
  },
  LIMIT,
);

it(
  'O5 the password of Kafka is in no log line of either app, even while Kafka rejects it',
  async () => {
    // kafkajs does not close connections whose login failed: the proxy does.
    const proxy = await openProxy(`kafka://${kafkaBrokers()[0]}`);
    // This broker has no SASL listener, so every login fails.
    const refused = {
      KAFKA_BROKERS: new URL(proxy.url).host,
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'notify',
      KAFKA_SASL_PASSWORD: 'b0ttle/of+ink',
    };
    for (const app of ['notifier', 'settings'] as const) {
      const { log } = startLogged(app, refused);
      await eventually(() => log.join('').includes('SASL'), LIMIT);
      expectNoneIn(log, 'b0ttle/of+ink');
    }
  },
  LIMIT,
);

it(
  'O5 the password of the mail server is in no log line, even while the server rejects and quotes it',
  async () => {
    const password = 'c0ffee/pot+9';
    const quoted = Buffer.from(`\0notify\0${password}`).toString('base64');
    const server = await startSmtpFaultServer({
      auth: { user: 'notify', password: 'another', methods: ['PLAIN'] },
      rules: [{ at: 'auth', do: { reply: `535 5.7.8 ${password} (${quoted}) is wrong` } }],
    });
    closeLater(() => server.stop());
    const story = await beginStory({ NOTIFY_LANES: 'access' });
    await subscribe(story, NUMBER, { to: [`${uniqueName('log')}@example.jp`] });
    const { log, started } = startLogged('notifier', {
      ...story.environment,
      NOTIFY_LANES: 'main',
      SMTP_URL: `smtp://notify:${encodeURIComponent(password)}@127.0.0.1:${server.port}`,
    });
    await started;
    await story.happens('call.v1', NUMBER, aCall(NUMBER));
    await eventually(() => /"level":"warn".*535/.test(log.join('')), LIMIT);
    expectNoneIn(log, password);
  },
  LIMIT,
);
