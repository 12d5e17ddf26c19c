import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { HasherBusy, NO_ACCOUNT, type Account } from '#access';
import { createRegistry } from '#platform';
import { createInMemoryAccessStore } from '../../../../libs/access/testing/in-memory-access-store.ts';
import { InMemorySettingsRepository } from '../../../../libs/settings/testing/in-memory-settings-repository.ts';
import { createApp } from '../create-app.ts';
import { awayParts } from '../testing/away-parts.ts';

const LINE = '0312345678';
const NUMBER = '0312345679';
const AT = Date.parse('2026-11-21T10:00:00+09:00');
const DAY = 86_400_000;
const PASSWORD = '48291736';

let now: number;
let isBusy: boolean;
let app: NestExpressApplication;
const log: string[] = [];
const store = createInMemoryAccessStore();
const repository = new InMemorySettingsRepository();

beforeAll(async () => {
  const hash = (password: string): Promise<string> =>
    isBusy ? Promise.reject(new HasherBusy()) : Promise.resolve(`hash of ${password.length}`);
  app = await createApp({
    parts: {
      ...awayParts(log),
      repository,
      accessStore: store,
      hasher: { hash, verify: async () => false },
      now: () => now,
    },
    tokens: [{ name: 'helpdesk', token: 'abc' }],
    checks: {},
    registry: createRegistry({ app: 'settings', version: '0' }),
    version: '0',
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  now = AT;
  isBusy = false;
  log.length = 0;
  await repository.deleteLine(LINE);
  await repository.putLine({ lineNumber: LINE, brand: 'ntt-east', numbers: [NUMBER], contractor: '' });
  await setAccounts(NO_ACCOUNT);
});

const ask = (method: 'get' | 'post', path: string, number = NUMBER) =>
  request(app.getHttpServer())[method](`/v1/numbers/${number}/${path}`).set('authorization', 'Bearer abc');
const setTemporary = (document: object, number = NUMBER) =>
  ask('post', 'temporary-password', number).send(document);
const stateOf = async (number = NUMBER): Promise<unknown> => (await ask('get', 'access', number)).body;
const accountOf = async (number = NUMBER): Promise<Account> =>
  (await store.read(`line:${LINE}`, [number])).accounts.get(number)!;

async function setAccounts(account: Account): Promise<void> {
  const accounts = new Map([LINE, NUMBER].map((number) => [number, account]));
  await store.change(`line:${LINE}`, [LINE, NUMBER], () => ({ result: undefined, unit: null, accounts }));
}

function errorsOf({ status, body }: request.Response): (string | number)[] {
  const { errors } = body as { errors: { path: string; code: string }[] };
  return [status, ...errors.map(({ path, code }) => `${path} ${code}`.trim())];
}

const NEW = {
  unit: 'line',
  password: 'none',
  passwordExpiresAt: null,
  oneTimePassword: { use: null, pending: false },
  sessions: 0,
  lastLoginAt: null,
};

/** Somebody who uses all that there is, and is logged in. */
const IN_USE: Account = {
  ...NO_ACCOUNT,
  password: { phc: 'hash', changedAt: AT },
  oneTime: {
    ...NO_ACCOUNT.oneTime,
    use: true,
    address: 'taro@example.jp',
    confirmation: { id: 'Taro2026', phc: 'hash' },
    registration: { address: 'b@example.jp', confirmation: null, link: 'hash', expiresAt: AT + DAY },
  },
  session: { hash: 'hash', startedAt: AT, draft: null },
  lastLoginAt: AT,
};

describe('GET /v1/numbers/{number}/access', () => {
  it('A15 shows a number that nobody has logged in with', async () => {
    expect(await stateOf()).toEqual(NEW);
  });

  it('A15 shows the whole state of one in use, its address masked, and no secret', async () => {
    await setAccounts(IN_USE);
    const answer = await ask('get', 'access');
    expect(answer.body).toEqual({
      unit: 'line',
      password: 'set',
      passwordExpiresAt: '2027-01-20T10:00:00+09:00',
      oneTimePassword: { use: true, address: 't***@example.jp', pending: true },
      sessions: 1,
      lastLoginAt: '2026-11-21T10:00:00+09:00',
    });
    now = AT + 61 * DAY;
    expect(await stateOf()).toMatchObject({
      password: 'expired',
      passwordExpiresAt: '2027-01-20T10:00:00+09:00',
      oneTimePassword: { pending: false },
    });
  });

  it.each(['access', 'access/end-sessions', 'temporary-password'])(
    'answers 404 at %s to a number that is nobody’s, or can be nobody’s',
    async (path) => {
      for (const number of ['0399999999', '12', 'abc'])
        expect(
          errorsOf(await (path === 'access' ? ask('get', path, number) : ask('post', path, number).send({}))),
        ).toEqual([404, 'unknown-number']);
    },
  );
});

describe('POST /v1/numbers/{number}/temporary-password', () => {
  it('A2 sets one for 24 hours, in place of what was there, and records who did it', async () => {
    await setAccounts(IN_USE);
    expect((await setTemporary({ unit: 'number', password: PASSWORD })).status).toBe(204);
    expect(await stateOf()).toMatchObject({
      unit: 'line',
      password: 'temporary',
      passwordExpiresAt: '2026-11-22T10:00:00+09:00',
    });
    expect((await accountOf()).interventions).toEqual([
      { at: AT, by: 'helpdesk', what: 'temporary-password' },
    ]);
    now = AT + DAY;
    expect(await stateOf()).toMatchObject({
      password: 'set',
      passwordExpiresAt: '2027-01-20T10:00:00+09:00',
    });
  });

  it.each([
    ['1234567', 'not-eight-digits'],
    ['４８２９１７３６', 'not-eight-digits'],
    ['00000000', 'equal-digits'],
    ['12345678', 'run'],
    ['98765432', 'run'],
    ['12345679', 'own-number'],
  ])('A2 answers 422 to %s', async (password, code) => {
    const answer = await setTemporary({ unit: 'number', password });
    expect(errorsOf(answer)).toEqual([422, `password ${code}`]);
    expect(answer.text).not.toContain(password);
    expect(await stateOf()).toEqual(NEW);
  });

  it("A2 under line takes the line number's alone", async () => {
    expect(errorsOf(await setTemporary({ unit: 'line', password: PASSWORD }))).toEqual([
      422,
      'unit not-the-line-number',
    ]);
    expect((await setTemporary({ unit: 'line', password: PASSWORD }, LINE)).status).toBe(204);
    expect([await stateOf(LINE), await stateOf()]).toMatchObject([
      { password: 'temporary' },
      { password: 'none' },
    ]);
  });

  it('answers 422 to another document, with every error', async () => {
    const answer = await setTemporary({ unit: 'user', more: 1 });
    const [status, ...errors] = errorsOf(answer);
    expect(status).toBe(422);
    expect(new Set(errors)).toEqual(
      new Set(['more unknown-field', 'password required', 'unit invalid-value']),
    );
  });

  it('answers 503 with Retry-After while too many passwords wait', async () => {
    isBusy = true;
    const answer = await setTemporary({ unit: 'number', password: PASSWORD });
    expect([...errorsOf(answer), answer.headers['retry-after']]).toEqual([503, 'busy', '5']);
  });
});

describe('POST /v1/numbers/{number}/access/…', () => {
  const before = {
    password: 'set',
    oneTimePassword: { use: true, address: 't***@example.jp' },
    sessions: 1,
  };

  it.each([
    ['end-sessions', { ...before, sessions: 0 }, []],
    [
      'invalidate-password',
      { ...before, password: 'invalid', passwordExpiresAt: null, sessions: 0 },
      ['account-locked'],
    ],
    [
      'reset-one-time-password',
      { ...before, oneTimePassword: { use: null, pending: false }, sessions: 0 },
      ['address-changed'],
    ],
  ])('A15 %s does that alone, records who did it and has the subscriber told', async (what, after, mails) => {
    await setAccounts(IN_USE);
    expect(await stateOf()).toMatchObject(before);
    const answer = await ask('post', `access/${what}`);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await stateOf()).toMatchObject(after);
    expect(await stateOf(LINE)).toMatchObject(before);
    const { interventions, dueMails } = await accountOf();
    expect(interventions).toEqual([{ at: AT, by: 'helpdesk', what }]);
    expect(dueMails.map(({ kind, recipient }) => [kind, recipient])).toEqual(
      mails.map((kind) => [kind, 'taro@example.jp']),
    );
  });

  it.each([
    ['nothing', undefined, ''],
    ['an empty form', 'application/x-www-form-urlencoded', ''],
    ['an empty document', 'application/json', '{}'],
    ['what is not JSON', 'application/json', '{'],
  ])('takes no document: %s is as good', async (_, type, body) => {
    const asked = ask('post', 'access/end-sessions');
    const answer = await (type === undefined ? asked : asked.set('content-type', type).send(body));
    expect(answer.status).toBe(204);
  });

  it('O5 logs who did what, the number masked, and no password', async () => {
    await setAccounts(IN_USE);
    await setTemporary({ unit: 'number', password: PASSWORD });
    await ask('post', 'access/invalidate-password');
    const told = log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(told.filter(({ intervention }) => intervention)).toMatchObject([
      { client: 'helpdesk', intervention: 'temporary-password', number: '******5679' },
      { client: 'helpdesk', intervention: 'invalidate-password', number: '******5679' },
    ]);
    for (const secret of [PASSWORD, NUMBER, 'taro@example.jp', 'hash'])
      expect(log.join()).not.toContain(secret);
  });
});
