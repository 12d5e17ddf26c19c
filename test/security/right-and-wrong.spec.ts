import { ensureTopics, type KafkaConnection } from '#kafka';
import { createSmtpSender } from '#mail';
import { exitCodeOf, kafkaAccess } from '#platform';
import { connectRedis } from '#redis';
import { DEFAULT_DEADLINES } from '#rules';
import { REQUIRED as NOTIFIER } from '../../apps/notifier/src/notifier-environment.ts';
import { startNotifier, type Notifier } from '../../apps/notifier/src/start-notifier.ts';
import { REQUIRED as SITE } from '../../apps/site/src/site-environment.ts';
import { startSite } from '../../apps/site/src/start-site.ts';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import { createAuthority, type Certificate } from '../support/certificate.ts';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { grantInKafka } from '../support/least-rights.ts';
import { aSecret, testEnvironment, testLogger } from '../support/run-log.ts';
import { startSecuredServers, trust } from '../support/secured-servers.ts';
import { uniqueName } from '../support/unique-name.ts';

const DAY_MS = 86_400_000;
const LIMIT = 120_000;
const NAMES = { prefix: `${uniqueName('wrong')}.`, groupId: uniqueName('wrong') };
const EXPECTED =
  'expected a certificate of this name, in date, of an authority that Node.js or NODE_EXTRA_CA_CERTS';
const servers = await startSecuredServers();
const stranger = await createAuthority();
const right = await servers.authority.issue('localhost');
trust(servers.authority.cert);
await grantInKafka(`127.0.0.1:${servers.ports.kafkaPlain}`, NAMES);

type Variables = Readonly<Record<string, string>>;
const variables = (more: Variables = {}): Variables => ({
  ...servers.variablesOf('denwa-notifier'),
  KAFKA_TOPIC_PREFIX: NAMES.prefix,
  KAFKA_GROUP_ID: NAMES.groupId,
  REDIS_KEY_PREFIX: NAMES.prefix,
  SEAL_KEYS: `k:${Buffer.alloc(32, 5).toString('base64')}`,
  HTTP_HOST: '127.0.0.1',
  HTTP_PORT: '0',
  ...more,
});

/** What each of the three says to a connection with these variables; `undefined` when it works. */
const ASK = {
  Kafka: async (more: Variables): Promise<string | undefined> => {
    const note = (): void => undefined;
    const log = { debug: note, info: note, warn: note, error: note };
    const access = kafkaAccess(testEnvironment(['KAFKA_BROKERS'], variables(more)));
    const connection: KafkaConnection = { ...access, clientId: 'wrong', log };
    return failureOf(ensureTopics(connection, { create: true, deadlines: DEFAULT_DEADLINES }));
  },
  Redis: async (more: Variables): Promise<string | undefined> => {
    const environment = testEnvironment(['REDIS_URL'], variables(more));
    const redis = connectRedis({ urls: environment.REDIS_URL, keyPrefix: NAMES.prefix });
    try {
      return await failureOf(redis.ready(5_000));
    } finally {
      await redis.close();
    }
  },
  SMTP: async (more: Variables): Promise<string | undefined> => {
    const { SMTP_URL: server } = testEnvironment(['SMTP_URL'], variables(more));
    const sender = createSmtpSender({ server, connections: 1, timeouts: {} });
    try {
      return (await sender.probe())?.message;
    } finally {
      await sender.close();
    }
  },
};

const failureOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: Error) => error.message,
  );

const WHERE = {
  Kafka: `Kafka at localhost:${servers.ports.kafka}: TLS failed`,
  Redis: `REDIS_URL: Redis at localhost:${servers.ports.redis}: TLS failed`,
  SMTP: `Mail server localhost:${servers.ports.smtp}: TLS failed`,
} as const;

const SERVERS = ['Kafka', 'Redis', 'SMTP'] as const;

it.each(SERVERS)('%s takes who has the right name, authority, user and password', async (server) => {
  expect(await ASK[server]({})).toBeUndefined();
});

describe.each<[string, () => Promise<Certificate>, RegExp]>([
  ['another name', () => servers.authority.issue('elsewhere.example'), /altnames/],
  [
    'a date that is over',
    () => servers.authority.issue('localhost', new Date(Date.now() - DAY_MS)),
    /expired/,
  ],
  ['an authority that nobody knows', () => stranger.issue('localhost'), /unable to (verify|get)|self-signed/],
])('a certificate of %s', (_, issue, reason) => {
  beforeAll(async () => servers.certify(await issue()), LIMIT);
  afterAll(() => servers.certify(right), LIMIT);

  it.each(SERVERS)('is refused, and the one line says that it is that of %s', async (server) => {
    const said = await ASK[server]({});
    expect(said).toContain(WHERE[server]);
    expect(said).toContain(EXPECTED);
    expect(said).toMatch(reason);
    expect(said).not.toContain('\n');
  });
});

describe('Kafka takes a login', () => {
  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('by %s', async (KAFKA_SASL_MECHANISM) => {
    expect(await ASK.Kafka({ KAFKA_SASL_MECHANISM })).toBeUndefined();
    const said = await ASK.Kafka({ KAFKA_SASL_MECHANISM, KAFKA_SASL_PASSWORD: aSecret('another-word-9') });
    expect(said).toMatch(/^Kafka refuses the login \(expected KAFKA_SASL_MECHANISM, _USERNAME and _PASSWORD/);
  });
});

describe('a program whose login is refused', () => {
  const wrong = aSecret('not-the-password-7');

  it.each<[string, Variables, string]>([
    [
      'the password of Kafka',
      { KAFKA_SASL_PASSWORD: wrong },
      'Kafka refuses the login (expected KAFKA_SASL_',
    ],
    ['the user of Kafka', { KAFKA_SASL_USERNAME: 'nobody' }, 'Kafka refuses the login (expected KAFKA_SASL_'],
    [
      'the password of Redis',
      { REDIS_URL: `rediss://denwa-notifier:${wrong}@localhost:${servers.ports.redis}` },
      'REDIS_URL: the server there does not fit, expected a user and password that Redis accepts',
    ],
    [
      'the user of Redis',
      { REDIS_URL: `rediss://nobody:${servers.password}@localhost:${servers.ports.redis}` },
      'REDIS_URL: the server there does not fit, expected a user and password that Redis accepts',
    ],
  ])('ends with 78 and one line: %s', async (_, more, said) => {
    const { fatal, log } = await startProgram(more);
    const error = await fatal;
    expect(exitCodeOf(error)).toBe(78);
    expect(error.message).toContain(said);
    expect(error.message).not.toContain('\n');
    expect(`${log.join('')}${error.stack}`).not.toContain(wrong);
  });

  it('waits where it is the mail server’s', async () => {
    const SMTP_URL = `smtp://notify:${wrong}@localhost:${servers.ports.smtp}?requireTLS=true`;
    const said = await ASK.SMTP({ SMTP_URL });
    expect(said).toContain(`localhost:${servers.ports.smtp}: the login was refused (expected the user and`);
    expect(said).not.toContain(wrong);
  });

  it('ends with 78 when it is the site', async () => {
    const fatal = Promise.withResolvers<Error>();
    const logger = testLogger({ app: 'site', level: 'info', destination: { write: () => undefined } });
    const access = { ...servers.variablesOf('denwa-site'), KAFKA_SASL_PASSWORD: wrong };
    const site = await startSite(testEnvironment(SITE, variables(access)), logger, fatal.resolve);
    closeLater(() => site.close());
    expect(exitCodeOf(await fatal.promise)).toBe(78);
  });
});

it(
  'a program waits for certificates that it can trust, and /readyz says for which',
  async () => {
    await servers.certify(await stranger.issue('localhost'));
    const { log, notifier } = await startProgram({});
    const ready = (): Promise<Response> => fetch(`${notifier.url}/readyz`);
    const text = await eventually(async () => {
      const said = await (await ready()).text();
      return said.includes(WHERE.Redis) && said;
    });
    expect(text).toContain(EXPECTED);
    expect(log.filter((line) => line.includes(WHERE.Redis)).length).toBeGreaterThan(0);
    await servers.certify(right);
    await notifier.joined;
    expect((await ready()).status).toBe(200);
  },
  LIMIT,
);

interface Program {
  readonly notifier: Notifier;
  readonly log: readonly string[];
  /** The error that ends it. */
  readonly fatal: Promise<Error>;
}

async function startProgram(more: Variables): Promise<Program> {
  await ensureTemplates();
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  const logger = testLogger({ app: 'notifier', level: 'info', destination });
  const fatal = Promise.withResolvers<Error>();
  const notifier = await startNotifier(testEnvironment(NOTIFIER, variables(more)), logger, fatal.resolve);
  closeLater(() => notifier.close());
  return { notifier, log, fatal: fatal.promise };
}
