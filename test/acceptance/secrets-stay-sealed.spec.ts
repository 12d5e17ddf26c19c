import { TOPIC_NAMES } from '#events';
import { readTopic } from '#kafka';
import type { Notifier } from '../../apps/notifier/src/start-notifier.ts';
import { appVariables } from '../support/app-variables.ts';
import { eventually } from '../support/eventually.ts';
import { redisDump } from '../support/redis-dump.ts';
import { aSecret, testLogger } from '../support/run-log.ts';
import { kafkaBrokers } from '../support/servers.ts';
import { SEAL_KEY, startUnready } from '../support/settings-api.ts';
import { testFaultServer } from '../support/smtp-sender.ts';
import { joinedNotifier } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';

const LIMIT = 60_000;
const CODES = { 'one-time-password': aSecret('48151623'), 'two-step-code': aSecret('27182818') };
const TOKEN = aSecret('Zk3vQ0xJ7dPq2mTnYw8sLA');
const LINK = `https://www.hikari.ntt-east.net/registration?token=${TOKEN}`;
const prefix = `${uniqueName('secrets')}.`;
const notifierLog: string[] = [];
/** Defers each mail once and then accepts it, quoting its secret in both replies. */
const mailServer = await testFaultServer({
  keepMessages: true,
  rules: [...Object.values(CODES), `${LINK} ${TOKEN}`].flatMap((secret, index) => {
    const recipient = `^secret${index}-`;
    return [
      { at: 'dot', recipient, times: 1, do: { reply: `451 4.7.1 wait: ${secret}` } },
      { at: 'dot', recipient, taken: true, do: { reply: `250 2.0.0 Ok: ${secret}` } },
    ];
  }),
});

function startTestNotifier(): Promise<Notifier> {
  const variables = {
    ...appVariables(prefix),
    SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
    SEAL_KEYS: `${SEAL_KEY.id}:${SEAL_KEY.key.toString('base64')}`,
  };
  const destination = { write: (line: string) => void notifierLog.push(line) };
  return joinedNotifier(variables, testLogger({ app: 'notifier', level: 'trace', destination }));
}

const notifier = await startTestNotifier();
const api = await startUnready(prefix, {});
await eventually(async () => (await fetch(`${api.url}/readyz`)).ok);

/** Requests an access mail of each kind with a secret; resolves with the mails as the mail server received them. */
async function mailsWithSecrets(): Promise<string> {
  const now = Date.now();
  const common = {
    number: '0312350003',
    brand: 'ntt-east',
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 290_000).toISOString(),
  };
  const documents = [
    ...Object.entries(CODES).map(([kind, code]) => ({ ...common, kind, secret: { code } })),
    { ...common, kind: 'address-registration', secret: { link: LINK } },
  ];
  for (const [index, document] of documents.entries()) {
    const recipient = `secret${index}-@example.jp`;
    await api
      .ask('post', '/v1/access-mails')
      .send({ ...document, recipient })
      .expect(202);
  }
  const mails = await eventually(
    async () => (mailServer.taken.length >= documents.length ? mailServer.taken : undefined),
    LIMIT,
  );
  return mails.map(({ message }) => message).join('\n');
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
  for (const topic of TOPIC_NAMES) {
    await readTopic(connection, topic, ({ key, value, headers }) => {
      found.push(`${topic} ${String(key)} ${String(value)}`);
      for (const [name, header] of Object.entries(headers)) found.push(`${name}: ${String(header)}`);
    });
  }
  return found.join('\n');
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

it(
  'O5 codes and links are in the mails, and nowhere in Kafka, Redis, the logs or the metrics',
  async () => {
    const mails = await mailsWithSecrets();
    const places = {
      kafka: await eventually(async () => {
        const found = await everythingInKafka();
        return found.split('"accepted"').length > 3 ? found : undefined;
      }),
      redis: await redisDump(prefix),
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
