import { createPasswordHasher, NO_ACCOUNT, type Line } from '#access';
import { TOPIC_NAMES } from '#events';
import { readTopic } from '#kafka';
import { appVariables } from '../../support/app-variables.ts';
import { eventually } from '../../support/eventually.ts';
import { redisDump } from '../../support/redis-dump.ts';
import { aSecret, testLogger } from '../../support/run-log.ts';
import { kafkaBrokers } from '../../support/servers.ts';
import type { SiteBrowser } from '../../support/site-browser.ts';
import { NEXT_PASSWORD, openSiteGround, PAIR } from '../../support/site-ground.ts';
import { testFaultServer } from '../../support/smtp-sender.ts';
import { joinedNotifier } from '../../support/story.ts';
import { uniqueName } from '../../support/unique-name.ts';

const LIMIT = 120_000;
const TEMPORARY = aSecret('59273816');
const LAST_PASSWORD = aSecret('Yuzuki64vr');
const WRONG_PASSWORD = aSecret('Wasabi31kp');
const LAST_CONFIRMATION = aSecret('sazanka35h');
const ADDRESS = `${uniqueName('journey')}@example.jp`;

const ground = await openSiteGround();
/** Away for the first try of the first mail: it comes with the second. */
const mailServer = await testFaultServer({
  keepMessages: true,
  rules: [
    { at: 'dot', recipient: `^${ADDRESS}`, times: 1, do: { reply: '421 4.3.2 Service shutting down' } },
  ],
});
const notifierLog: string[] = [];
const notifier = await joinedNotifier(
  {
    ...appVariables(ground.prefix),
    SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
    SEAL_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    NOTIFY_LANES: 'access',
  },
  testLogger({
    app: 'notifier',
    level: 'trace',
    destination: { write: (line) => void notifierLog.push(line) },
  }),
);

/** What the first mail that says so says, when it has arrived. */
function arrived(pattern: RegExp): Promise<string> {
  const decoded = (message: string): string =>
    message.replace(/(?:^[A-Za-z0-9+/=]{4,76}\r\n)+/gm, (lines) => Buffer.from(lines, 'base64').toString());
  return eventually(() => {
    const found = mailServer.taken.flatMap(({ message = '' }) => pattern.exec(decoded(message))?.[0] ?? []);
    return found[0];
  }, LIMIT);
}

/** Everything secret that the browser was told or told itself. */
const secrets = new Set<string>([
  TEMPORARY,
  NEXT_PASSWORD,
  LAST_PASSWORD,
  WRONG_PASSWORD,
  PAIR.password,
  LAST_CONFIRMATION,
]);

/** Sends a form that works, and remembers the secrets of the cookies that came with it. */
async function goes(
  browser: SiteBrowser,
  path: string,
  form: Record<string, string>,
  leadsTo: string,
): Promise<void> {
  const { headers } = await browser.post(path, form);
  expect([path, headers.location]).toEqual([path, leadsTo]);
  for (const value of browser.cookies.values()) secrets.add(value);
}

/** From the temporary password to the one-time password, and every change afterwards. */
async function journey({ lineNumber: number }: Line, browser: SiteBrowser): Promise<void> {
  await goes(browser, '/login', { number, password: TEMPORARY }, '/login');
  const change = { current: TEMPORARY, next: NEXT_PASSWORD, again: NEXT_PASSWORD };
  await goes(browser, '/password', change, '/password/changed');
  expect((await browser.post('/login', { number, password: WRONG_PASSWORD })).status).toBe(422);
  await goes(browser, '/login', { number, password: NEXT_PASSWORD }, '/login');
  const entry = { address: ADDRESS, ...PAIR };
  await goes(browser, '/one-time-password/address', entry, '/one-time-password/confirm');
  await goes(browser, '/one-time-password/confirm', {}, '/one-time-password/sent');
  const token = await arrived(/(?<=\/registration\?token=)[\w-]{43}/);
  secrets.add(token);
  expect((await browser.get(`/registration?token=${token}`)).status).toBe(200);
  await goes(browser, '/registration', { token }, '/registration/done');
  await goes(browser, '/code/send', {}, '/code');
  const code = await arrived(/(?<=ワンタイムパスワード:)\d{8}/);
  secrets.add(code);
  const wrong = code.replace(/./, (digit) => String((Number(digit) + 1) % 10));
  expect((await browser.post('/code', { code: wrong })).status).toBe(422);
  await goes(browser, '/code', { code }, '/menu');
  const confirmation = { current: PAIR.password, next: LAST_CONFIRMATION, again: LAST_CONFIRMATION };
  await goes(browser, '/confirmation-password', confirmation, '/confirmation-password?changed');
  await goes(browser, '/unit/number', { [`password-${number}`]: NEXT_PASSWORD }, '/unit/confirm');
  await goes(browser, '/unit/confirm', {}, '/unit/changed');
  const last = { current: NEXT_PASSWORD, next: LAST_PASSWORD, again: LAST_PASSWORD };
  await goes(browser, '/password', last, '/password/changed');
  await arrived(/パスワード.*変更/);
  await goes(browser, '/login', { number, password: LAST_PASSWORD }, '/code');
}

async function everythingInKafka(): Promise<string> {
  const found: string[] = [];
  const log = testLogger({ app: 'test', level: 'error' });
  const connection = {
    brokers: kafkaBrokers(),
    clientId: 'test',
    ssl: false,
    topicPrefix: ground.prefix,
    log,
  };
  for (const topic of TOPIC_NAMES)
    await readTopic(connection, topic, ({ key, value, headers }) => {
      const shown = Object.entries(headers).map(([name, header]) => `${name}: ${String(header)}`);
      found.push(topic, String(key), String(value), ...shown);
    });
  return found.join('\n');
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

it(
  'O5 after a whole journey, with the mail server away for a while, no secret is in Redis, Kafka, a log or a metric',
  async () => {
    const temporary = {
      phc: await createPasswordHasher().hash(TEMPORARY),
      setAt: Date.now(),
      unit: 'line' as const,
    };
    const line = await ground.line({ ...NO_ACCOUNT, temporary });
    await journey(line, ground.browser());
    const places = {
      redis: await redisDump(ground.prefix),
      kafka: await everythingInKafka(),
      'log of the site': ground.site.log.join(''),
      'log of the notifier': notifierLog.join(''),
      'metrics of the site': await metricsOf(ground.site.url),
      'metrics of the notifier': await metricsOf(notifier.url),
    };
    // What is searched is what was used.
    expect(places.redis).toContain(line.lineNumber);
    expect(places.kafka).toContain(ADDRESS);
    expect(places['log of the site']).toContain('/one-time-password/confirm');
    expect(secrets.size).toBeGreaterThan(12);
    for (const [place, text] of Object.entries(places))
      for (const secret of secrets)
        for (const form of [
          secret,
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64').slice(0, 10),
        ])
          expect([place, secret, text.includes(form)]).toEqual([place, secret, false]);
    for (const place of ['log of the site', 'log of the notifier', 'metrics of the site'] as const)
      for (const personal of [line.lineNumber, ADDRESS, PAIR.id])
        expect([place, personal, places[place].includes(personal)]).toEqual([place, personal, false]);
  },
  LIMIT,
);
