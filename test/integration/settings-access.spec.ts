import {
  changePassword,
  completeRegistration,
  draftAddress,
  enterCode,
  findLogin,
  logIn,
  policyOfBrand,
  registerAddress,
  sendCode,
  createPasswordHasher,
  type AccessDeps,
  type AccessMail,
  type Login,
  type LoginResult,
  type Subscriber,
} from '#access';
import { checkDurability, createAccessStore, createSettingsRepository } from '#redis';
import { closeLater } from '../support/close-later.ts';
import { eventually } from '../support/eventually.ts';
import { collectRecords } from '../support/kafka.ts';
import { redisDump } from '../support/redis-dump.ts';
import { aSecret } from '../support/run-log.ts';
import { runOps } from '../support/run-ops.ts';
import { redisUrl } from '../support/servers.ts';
import { SEAL_KEY, someNumber, startSettingsApi } from '../support/settings-api.ts';
import { openRedis } from './redis-for-test.ts';

const TEMPORARY = aSecret('48291736');
const PASSWORD = aSecret('denwa2bango');
const CONFIRMATION = { id: 'Taro2026', password: aSecret('hanako7531') };
const ADDRESS = 'taro@example.jp';

const api = await startSettingsApi();
const records = await collectRecords([`${api.prefix}access-mails`]);
const redis = await openRedis({ keyPrefix: api.prefix });
const durability = await checkDurability(redis);
const lines = createSettingsRepository(redis, durability);
const store = createAccessStore(redis, durability);
closeLater(async () => {
  await store.close();
  await lines.close();
});

/** What the subscriber's site works with, on the same Redis; its mails are read here. */
const mails: AccessMail[] = [];
const site: AccessDeps = {
  store,
  lines,
  hasher: createPasswordHasher(),
  sources: { take: async () => ({ retryAfterSeconds: 0, giveBack: async () => undefined }) },
  sendMail: async (mail) => void mails.push(mail),
  sendCommand: async () => undefined,
  policyOf: () => policyOfBrand(),
  siteOf: () => 'https://site.example',
  sealKeys: [SEAL_KEY],
  waits: [],
  lockedOut: () => undefined,
  now: Date.now,
};

const lineNumber = someNumber();
const number = someNumber();
const ask = (method: 'get' | 'post', path: string) => api.ask(method, `/v1/numbers/${number}/${path}`);
const state = async (): Promise<unknown> => (await ask('get', 'access').expect(200)).body;
const enter = (password: string): Promise<LoginResult> =>
  logIn(site, { as: { number }, password, browser: undefined, source: '192.0.2.1' });

async function loginOf(result: LoginResult): Promise<Login & { subscriber: Subscriber }> {
  if (!('secret' in result)) throw new Error(`refused: ${result.kind}`);
  const found = await findLogin(site, { login: result.secret, browser: undefined });
  if (found.kind !== 'found' || !found.login.subscriber) throw new Error(`no login: ${found.kind}`);
  return { ...found.login, subscriber: found.login.subscriber };
}

/** The subscriber's first login: a password of their own, then one-time passwords. */
async function beginToUse(): Promise<void> {
  const changed = await changePassword(site, await loginOf(await enter(TEMPORARY)), {
    number,
    current: TEMPORARY,
    next: PASSWORD,
  });
  expect(changed).toEqual({ kind: 'changed' });
  const choosing = await enter(PASSWORD);
  const entry = { address: ADDRESS, confirmation: CONFIRMATION };
  expect(await draftAddress(site, await loginOf(choosing), entry)).toBeUndefined();
  await registerAddress(site, await loginOf(choosing));
  const { secret } = mails.at(-1)!;
  if (!secret || !('link' in secret)) throw new Error('no link was mailed');
  await completeRegistration(site, new URL(secret.link).searchParams.get('token') ?? '');
}

async function enterWithCode(): Promise<void> {
  const waiting = await enter(PASSWORD);
  await sendCode(site, await loginOf(waiting));
  const { secret } = mails.at(-1)!;
  if (!secret || !('code' in secret)) throw new Error('no code was mailed');
  const entered = { code: secret.code, browser: undefined };
  expect(await enterCode(site, await loginOf(waiting), entered)).toMatchObject({ kind: 'in' });
}

/** The mails that Kafka has about the number. */
const published = (): { readonly kind: string; readonly recipient: string }[] =>
  records
    .filter(({ key }) => key === number)
    .map(({ value }) => JSON.parse(String(value)) as { kind: string; recipient: string });

const LIMIT = 60_000;

describe('what operators do to logins, on a real Redis and Kafka', () => {
  it(
    'A2 A15 shows a login from its temporary password to its end, and has the subscriber told',
    async () => {
      const line = { brand: 'ntt-east', numbers: [number], contractor: 'x' };
      await api.ask('put', `/v1/lines/${lineNumber}`).send(line).expect(201);
      expect(await state()).toMatchObject({ unit: 'line', password: 'none', sessions: 0 });

      await ask('post', 'temporary-password').send({ unit: 'number', password: TEMPORARY }).expect(204);
      expect(await state()).toMatchObject({ unit: 'line', password: 'temporary', lastLoginAt: null });

      await beginToUse();
      await enterWithCode();
      const inUse = { use: true, address: 't***@example.jp', pending: false };
      expect(await state()).toMatchObject({
        unit: 'number',
        password: 'set',
        oneTimePassword: inUse,
        sessions: 1,
        lastLoginAt: expect.stringMatching(/\+09:00$/) as string,
      });

      await ask('post', 'access/end-sessions').expect(204);
      expect(await state()).toMatchObject({ password: 'set', oneTimePassword: inUse, sessions: 0 });
      await ask('post', 'access/invalidate-password').expect(204);
      expect(await state()).toMatchObject({ password: 'invalid', passwordExpiresAt: null });
      expect(await enter(PASSWORD)).toEqual({ kind: 'refused' });
      await ask('post', 'access/reset-one-time-password').expect(204);
      expect(await state()).toMatchObject({ oneTimePassword: { use: null, pending: false } });

      await eventually(() => published().length === 2);
      expect(published()).toMatchObject([
        { kind: 'account-locked', recipient: ADDRESS },
        { kind: 'address-changed', recipient: ADDRESS },
      ]);
      await eventually(async () => {
        const { accounts } = await store.read(`line:${lineNumber}`, [number]);
        return accounts.get(number)?.dueMails.length === 0;
      });
    },
    LIMIT,
  );

  it(
    'A15 tells the same at three in the morning, with who did what',
    async () => {
      const environment = { REDIS_URL: redisUrl(), REDIS_KEY_PREFIX: api.prefix };
      const [known, unknown, wrong] = await Promise.all([
        runOps(environment, ['access', number]),
        runOps(environment, ['access', '0999999999']),
        runOps(environment, ['access', '110']),
      ]);
      expect(known).toMatchObject({ code: 0, stderr: '' });
      expect(known.lines).toContain(
        '  authentication unit  number: each number logs in, and sets itself alone',
      );
      expect(
        known.lines.filter((told) => told.endsWith(' by tests')).map((told) => told.split(/ +/)[2]),
      ).toEqual(['reset-one-time-password', 'invalidate-password', 'end-sessions', 'temporary-password']);
      expect(unknown).toMatchObject({
        code: 1,
        lines: [],
        stderr: '0999999999: no known line has this number\n',
      });
      expect(wrong).toMatchObject({ code: 2, lines: [], stderr: expect.stringContaining('10 or 11 digits') });
    },
    LIMIT,
  );

  it('O5 keeps passwords out of the log and readable nowhere in Redis', async () => {
    const [log, dump] = [api.log.join('\n'), await redisDump(api.prefix)];
    for (const secret of [TEMPORARY, PASSWORD, CONFIRMATION.password]) {
      expect(log).not.toContain(secret);
      expect(dump).not.toContain(secret);
    }
    for (const told of [number, lineNumber, ADDRESS]) expect(log).not.toContain(told);
    expect(log).toContain('an operator changed a login');
    // Nothing was away, so nothing is complained of.
    expect(log).not.toContain('What is to be told about changed logins');
  });
});
