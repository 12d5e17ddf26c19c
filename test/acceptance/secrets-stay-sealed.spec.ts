import {
  ACCESS_RETRY_DELAYS_MS,
  DEAD_LETTER_TOPIC,
  OUTCOMES_TOPIC,
  RETRY_DELAYS_MS,
  SOURCE_TOPICS,
  SWITCH_COMMANDS_TOPIC,
} from '#events';
import { readTopic } from '#kafka';
import { REQUIRED } from '../../apps/notifier/src/notifier-environment.ts';
import { startNotifier, type Notifier } from '../../apps/notifier/src/start-notifier.ts';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import { keysOf, openRedis } from '../integration/redis-for-test.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { aSecret, testEnvironment, testLogger } from '../support/run-log.ts';
import { kafkaBrokers, redisUrl, smtpUrl } from '../support/servers.ts';
import { SEAL_KEY, startUnready } from '../support/settings-api.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
const CODES = { 'one-time-password': aSecret('48151623'), 'two-step-code': aSecret('27182818') };
const TOKEN = aSecret('Zk3vQ0xJ7dPq2mTnYw8sLA');
const TOPICS = [
  ...SOURCE_TOPICS,
  ...Object.keys(RETRY_DELAYS_MS),
  ...Object.keys(ACCESS_RETRY_DELAYS_MS),
  SWITCH_COMMANDS_TOPIC,
  DEAD_LETTER_TOPIC,
  OUTCOMES_TOPIC,
];
const prefix = `${uniqueName('secrets')}.`;
const notifierLog: string[] = [];

async function startTestNotifier(): Promise<Notifier> {
  await ensureTemplates();
  const environment = testEnvironment(REQUIRED, {
    KAFKA_BROKERS: kafkaBrokers().join(','),
    KAFKA_TOPIC_PREFIX: prefix,
    KAFKA_GROUP_ID: prefix,
    REDIS_URL: redisUrl(),
    REDIS_KEY_PREFIX: prefix,
    SMTP_URL: smtpUrl(),
    SEAL_KEYS: `${SEAL_KEY.id}:${SEAL_KEY.key.toString('base64')}`,
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
  });
  const destination = { write: (line: string) => void notifierLog.push(line) };
  const logger = testLogger({ app: 'notifier', level: 'trace', destination });
  const notifier = await startNotifier(environment, logger, (error) => {
    throw error;
  });
  closeLater(() => notifier.close());
  await notifier.joined;
  return notifier;
}

const notifier = await startTestNotifier();
const api = await startUnready(prefix, {});
await eventually(async () => (await fetch(`${api.url}/readyz`)).ok);

/** Asks for one access mail of each kind that has a secret; answers with the mails as the mail server took them. */
async function mailsWithSecrets(to: string): Promise<string> {
  const now = Date.now();
  const common = {
    number: '0312350003',
    brand: 'ntt-east',
    recipient: to,
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 290_000).toISOString(),
  };
  const link = `https://www.hikari.ntt-east.net/registration?token=${TOKEN}`;
  const documents = [
    ...Object.entries(CODES).map(([kind, code]) => ({ ...common, kind, secret: { code } })),
    { ...common, kind: 'address-registration', secret: { link } },
  ];
  for (const document of documents) await api.ask('post', '/v1/access-mails').send(document).expect(202);
  const mails = await eventually(async () => {
    const found = await mailsTo(to);
    return found.length >= documents.length ? found : undefined;
  });
  return mails.map(({ raw }) => raw.toString('latin1')).join('\n');
}

async function everythingInKafka(): Promise<string> {
  const log = testLogger({ app: 'test', level: 'error' });
  const connection = {
    brokers: kafkaBrokers(),
    clientId: prefix,
    ssl: false,
    topicPrefix: prefix,
    log,
  };
  const found: string[] = [];
  for (const topic of TOPICS) {
    await readTopic(connection, topic, ({ key, value, headers }) => {
      found.push(`${topic} ${String(key)} ${String(value)}`);
      for (const [name, header] of Object.entries(headers)) found.push(`${name}: ${String(header)}`);
    });
  }
  return found.join('\n');
}

async function everythingInRedis(): Promise<string> {
  const redis = await openRedis({ keyPrefix: prefix });
  const keys = await keysOf(redis);
  const dumps = await Promise.all(keys.map(({ key, node }) => node.dumpBuffer(key)));
  return [...keys.map(({ key }) => key), ...dumps.map((dump) => dump?.toString('latin1') ?? '')].join('\n');
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

it(
  'O5 codes and links are in the mails, and nowhere in Kafka, Redis, the logs and the metrics',
  async () => {
    const mails = await mailsWithSecrets(`${uniqueName('secret')}@example.jp`);
    const places = {
      kafka: await eventually(async () => {
        const found = await everythingInKafka();
        return found.split('"accepted"').length > 3 ? found : undefined;
      }),
      redis: await everythingInRedis(),
      'log of the notifier': notifierLog.join(''),
      'log of the settings API': api.log.join(''),
      'metrics of the notifier': await metricsOf(notifier.url),
      'metrics of the settings API': await metricsOf(api.url),
    };
    for (const [place, text] of Object.entries(places)) {
      expect([place, text.length > 0]).toEqual([place, true]);
      for (const secret of [...Object.values(CODES), TOKEN])
        for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, 10)])
          expect([place, text.includes(form)]).toEqual([place, false]);
    }
    const decoded = mails.replace(/^[A-Za-z0-9+/=]{20,76}\r?$/gm, (line) =>
      Buffer.from(line, 'base64').toString('latin1'),
    );
    for (const code of Object.values(CODES)) expect(decoded.replace(/\r?\n/g, '')).toContain(code);
  },
  LIMIT,
);
