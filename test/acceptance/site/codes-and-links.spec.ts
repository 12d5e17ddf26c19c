import { intervene } from '#access';
import {
  ADDRESS,
  DAY,
  given,
  IN_USE,
  LINE,
  MINUTE,
  NEXT_PASSWORD,
  NUMBER,
  PAIR,
  PASSWORD,
  stored,
  USER,
  withPassword,
} from '../../../libs/access/testing/access-scene.ts';
import { openSiteBrowser, type SiteAnswer, type SiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { accountsOf, FOREIGN, stage } from '../../support/site-somebody.ts';

const site = await startSiteInMemory();
const WRONG_CODE = 'ワンタイムパスワードが正しくありません';
const GONE = 'このURLは、すでに使われたか';

/** Two numbers that each log in with a code, and browsers for them. */
async function twoLogins(): Promise<[SiteBrowser, SiteBrowser]> {
  const { scene } = await stage(site, { unit: 'number', own: NUMBER, state: 'out' });
  const account = withPassword(scene, PASSWORD, IN_USE);
  await given(scene, 'number', { [NUMBER]: account, [USER]: account });
  const browsers = [openSiteBrowser(site.url), openSiteBrowser(site.url)] as const;
  for (const [index, number] of [NUMBER, USER].entries())
    await browsers[index]!.post('/login', { number, password: PASSWORD });
  return [...browsers];
}

/** Has a code mailed, and reads it. */
async function code(browser: SiteBrowser): Promise<string> {
  const { scene } = site;
  expect((await browser.post('/code/send')).headers.location).toBe('/code');
  const secret = scene.mails.at(-1)?.secret;
  if (!secret || !('code' in secret)) throw new Error('no code was mailed');
  return secret.code;
}

/** Another code than this one. */
const notThe = (right: string): string => String((Number(right) + 1) % 1e8).padStart(8, '0');

const enter = (browser: SiteBrowser, entered: string) => browser.post('/code', { code: entered });
const isIn = async (browser: SiteBrowser) => (await browser.get('/menu')).status === 200;
const whereTo = ({ headers }: SiteAnswer) => headers.location;

/** Enters an address and has its link mailed; resolves with the link's token. */
async function registered(browser: SiteBrowser, address: string): Promise<string> {
  const form = { address, ...PAIR };
  expect(whereTo(await browser.post('/one-time-password/address', form))).toBe('/one-time-password/confirm');
  expect(whereTo(await browser.post('/one-time-password/confirm'))).toBe('/one-time-password/sent');
  const mail = site.scene.mails.at(-1);
  expect(mail).toMatchObject({ kind: 'address-registration', recipient: address });
  const secret = mail?.secret;
  const link = new URL(secret && 'link' in secret ? secret.link : '');
  expect(link.origin).toBe('https://ntt-east.example');
  return link.searchParams.get('token') ?? '';
}

describe('a code', () => {
  it('A8 lets in once: entered again it is worth nothing, by anybody', async () => {
    const [browser] = await twoLogins();
    const right = await code(browser);
    const waited = browser.copied();
    expect(whereTo(await enter(browser, right))).toBe('/menu');
    const before = await accountsOf(site.scene);
    expect(whereTo(await enter(waited, right))).toBe('/login?why=idle');
    expect(whereTo(await enter(browser, right))).toBe('/menu');
    expect(await accountsOf(site.scene)).toEqual(before);
    // The same number's next login does not know it either.
    const next = openSiteBrowser(site.url);
    await next.post('/login', { number: NUMBER, password: PASSWORD });
    await code(next);
    expect((await enter(next, right)).text).toContain(WRONG_CODE);
  });

  it('A8 twice at once lets one in', async () => {
    const [browser] = await twoLogins();
    const right = await code(browser);
    const tries = Array.from({ length: 10 }, () => browser.copied());
    const answers = await Promise.all(tries.map((one) => enter(one, right)));
    expect(
      answers.filter((answer) => whereTo(answer) === '/menu' && answer.headers['set-cookie']),
    ).toHaveLength(1);
    const inside = await Promise.all(tries.map(isIn));
    expect(inside.filter(Boolean)).toHaveLength(1);
  });

  it('A8 is of the login that it was mailed for: another number’s, another browser’s is wrong', async () => {
    const [mine, others] = await twoLogins();
    const right = await code(mine);
    await code(others);
    expect((await enter(others, right)).text).toContain(WRONG_CODE);
    const again = openSiteBrowser(site.url);
    await again.post('/login', { number: NUMBER, password: PASSWORD });
    expect((await enter(again, right)).text).toContain('先にワンタイムパスワードを送信してください');
    expect([await isIn(mine), await isIn(others), await isIn(again)]).toEqual([false, false, false]);
  });

  it('A8 sent before a new one does not count any more', async () => {
    const [browser] = await twoLogins();
    const old = await code(browser);
    const right = await code(browser);
    expect((await enter(browser, old)).text).toContain(WRONG_CODE);
    expect(whereTo(await enter(browser, right))).toBe('/menu');
  });

  it('O1 is worth nothing after five minutes', async () => {
    const [browser] = await twoLogins();
    const right = await code(browser);
    site.scene.now += 5 * MINUTE;
    expect((await enter(browser, right)).text).toContain('有効期限が切れています');
    expect(await isIn(browser)).toBe(false);
  });

  it('A8 five wrong ones end the login, counted across codes, whatever comes at once', async () => {
    const [browser] = await twoLogins();
    const first = await code(browser);
    for (let index = 0; index < 4; index += 1)
      expect((await enter(browser, notThe(first))).text).toContain(WRONG_CODE);
    const right = await code(browser);
    expect(whereTo(await enter(browser, notThe(right)))).toBe('/login?why=codes-wrong');
    expect(whereTo(await enter(browser, right))).toMatch(/^\/login/);

    const [flood] = await twoLogins();
    const secret = await code(flood);
    const guesses = Array.from({ length: 50 }, () => enter(flood.copied(), notThe(secret)));
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ text }) => text.includes(WRONG_CODE))).toHaveLength(4);
    expect(whereTo(await enter(flood, secret))).toMatch(/^\/login/);
    expect(await isIn(flood)).toBe(false);
  });

  it('A8 five are mailed in a quarter of an hour, whichever login asks', async () => {
    const [browser] = await twoLogins();
    const again = openSiteBrowser(site.url);
    for (let index = 0; index < 3; index += 1) await code(browser);
    await again.post('/login', { number: NUMBER, password: PASSWORD });
    await Promise.all(Array.from({ length: 20 }, () => again.copied().post('/code/send')));
    expect(site.scene.mails).toHaveLength(5);
    const refused = await again.post('/code/send');
    expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true]);
  });

  it.each(['', '1234567', '123456789', '1234567a', "' OR 1=1", '１２３４５６７', '-1234567', '1e7'])(
    'A8 that is none (%j) costs no try',
    async (entered) => {
      const [browser] = await twoLogins();
      const right = await code(browser);
      for (let index = 0; index < 6; index += 1) expect((await enter(browser, entered)).status).toBe(422);
      expect(whereTo(await enter(browser, right))).toBe('/menu');
    },
  );
});

describe('a link', () => {
  it('A8 completes once; opening it completes nothing', async () => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
    const token = await registered(browser, 'new@example.jp');
    const scanner = openSiteBrowser(site.url);
    for (let index = 0; index < 3; index += 1)
      expect((await scanner.get(`/registration?token=${token}`)).status).toBe(200);
    expect((await stored(site.scene)).oneTime).toMatchObject({ use: null, address: null });
    const answers = await Promise.all([1, 2, 3].map(() => scanner.post('/registration', { token })));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      303, 404, 404,
    ]);
    expect((await stored(site.scene)).oneTime).toMatchObject({ use: true, address: 'new@example.jp' });
    const before = await accountsOf(site.scene);
    expect((await scanner.get(`/registration?token=${token}`)).text).toContain(GONE);
    expect((await scanner.post('/registration', { token })).text).toContain(GONE);
    expect(await accountsOf(site.scene)).toEqual(before);
  });

  it('A10 of an address entered before another does not count any more', async () => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
    const old = await registered(browser, 'old@example.jp');
    const token = await registered(browser, 'new@example.jp');
    expect((await browser.post('/registration', { token: old })).text).toContain(GONE);
    expect((await stored(site.scene)).oneTime.use).toBeNull();
    await browser.post('/registration', { token });
    expect((await stored(site.scene)).oneTime.address).toBe('new@example.jp');
  });

  it('O2 is worth nothing after a day, nor after one-time passwords were declined', async () => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
    const lapsed = await registered(browser, 'late@example.jp');
    const declined = async () => {
      await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
      const other = openSiteBrowser(site.url);
      await other.post('/login', { number: NUMBER, password: PASSWORD });
      const token = await registered(other, 'declined@example.jp');
      await other.post('/one-time-password/decline');
      return token;
    };
    site.scene.now += DAY;
    expect((await browser.post('/registration', { token: lapsed })).text).toContain(GONE);
    expect((await browser.post('/registration', { token: await declined() })).text).toContain(GONE);
    expect((await stored(site.scene)).oneTime).toMatchObject({ use: false, address: null });
  });

  it('A8 is of its number alone: who is logged in with another changes the link’s number, never his own', async () => {
    const [mine, others] = await twoLogins();
    await enter(mine, await code(mine));
    await enter(others, await code(others));
    const form = { address: 'mine@example.jp' };
    await mine.post('/one-time-password/address', form);
    await mine.post('/one-time-password/confirm');
    const secret = site.scene.mails.at(-1)?.secret;
    const token = secret && 'link' in secret ? (new URL(secret.link).searchParams.get('token') ?? '') : '';
    await others.post('/registration', { token, number: USER });
    expect((await stored(site.scene, NUMBER)).oneTime.address).toBe('mine@example.jp');
    expect((await stored(site.scene, USER)).oneTime.address).toBe(ADDRESS);
  });

  it.each<[string, (browser: SiteBrowser) => Promise<unknown>]>([
    [
      'the password was changed',
      async (owner) => {
        await owner.post('/login', { number: NUMBER, password: PASSWORD });
        const change = { current: PASSWORD, next: NEXT_PASSWORD, again: NEXT_PASSWORD };
        expect(whereTo(await owner.post('/password', change))).toBe('/password/changed');
      },
    ],
    [
      'an operator ended the logins',
      () => intervene(site.scene.deps, LINE, { number: NUMBER, what: 'end-sessions', by: 'desk' }),
    ],
  ])('A10 that a thief had mailed to himself is worth nothing after %s', async (_, end) => {
    const { browser: thief } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
    const token = await registered(thief, 'thief@example.jp');
    await end(openSiteBrowser(site.url));
    expect((await thief.post('/registration', { token })).text).toContain(GONE);
    expect((await stored(site.scene)).oneTime).toMatchObject({ use: false, address: null });
  });

  it('A12 is no login, and a login is no link', async () => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
    const token = await registered(browser, 'new@example.jp');
    const thief = openSiteBrowser(site.url);
    thief.cookies.set('__Host-login', token);
    expect((await thief.get('/menu')).status).toBe(303);
    const login = browser.cookies.get('__Host-login') ?? '';
    expect((await thief.post('/registration', { token: login })).text).toContain(GONE);
  });

  it.each(['', 'x', 'x'.repeat(43), `${'x'.repeat(43)}\n`, '__proto__', '*', '{line:0312345678}'])(
    'O2 that is none (%j) is gone',
    async (token) => {
      await stage(site, { unit: 'line', own: NUMBER, state: 'out' });
      const browser = openSiteBrowser(site.url);
      const shown = await browser.get(`/registration?token=${encodeURIComponent(token)}`);
      const sent = await browser.post('/registration', { token });
      expect([shown.status, sent.status, shown.text]).toEqual([404, 404, sent.text]);
    },
  );
});

describe('the confirmation pair', () => {
  it('A10 five wrong ones close the way, whatever comes at once; the right one does not open it again', async () => {
    const [browser] = await twoLogins();
    const guesses = Array.from({ length: 50 }, () =>
      browser.copied().post('/code/address', { ...PAIR, password: 'x1' }),
    );
    await Promise.all(guesses);
    expect(site.scene.hasher.verified).toBeLessThanOrEqual(2 + 5);
    expect((await browser.post('/code/address', PAIR)).text).toContain('この方法では変更できません');
    expect(whereTo(await browser.get('/one-time-password/address'))).toBe('/code');
    const before = await accountsOf(site.scene);
    const form = { address: 'evil@example.jp' };
    expect(whereTo(await browser.post('/one-time-password/address', form))).toBe('/code');
    expect(whereTo(await browser.post('/one-time-password/confirm'))).toBe('/code');
    expect(await accountsOf(site.scene)).toEqual(before);
    // Another login by password alone does not open it either, a full one does.
    const again = openSiteBrowser(site.url);
    await again.post('/login', { number: NUMBER, password: PASSWORD });
    expect((await again.post('/code/address', PAIR)).text).toContain('この方法では変更できません');
    await enter(again, await code(again));
    const last = openSiteBrowser(site.url);
    await last.post('/login', { number: NUMBER, password: PASSWORD });
    expect(whereTo(await last.post('/code/address', PAIR))).toBe('/one-time-password/address');
  });

  it('A10 opens the address alone, not the site, and of this login alone', async () => {
    const [browser, other] = await twoLogins();
    await browser.post('/code/address', PAIR);
    expect((await browser.get('/one-time-password/address')).status).toBe(200);
    expect(await isIn(browser)).toBe(false);
    expect((await browser.get('/one-time-password')).status).toBe(303);
    expect((await browser.post('/one-time-password/decline')).headers.location).toBe('/code');
    expect(whereTo(await other.get('/one-time-password/address'))).toBe('/code');
    expect((await accountsOf(site.scene)).get(FOREIGN)).toMatchObject({ pending: null });
  });
});
