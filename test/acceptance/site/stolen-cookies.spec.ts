import { intervene } from '#access';
import {
  ADDRESS,
  DAY,
  given,
  HOUR,
  IN_USE,
  LINE,
  MINUTE,
  NEXT_PASSWORD,
  NUMBER,
  PASSWORD,
  USER,
  withPassword,
} from '../../../libs/access/testing/access-scene.ts';
import { openSiteBrowser, type SiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { accountsOf, stage, TEMPORARY, type State } from '../../support/site-somebody.ts';
import { uploadForm } from '../../support/upload-form.ts';

const site = await startSiteInMemory();
const LOGIN = '__Host-login';
const PLANTED = 'p'.repeat(43);

const open = async (state: State = 'out', unit: 'line' | 'number' | 'administrator-user' = 'line') =>
  stage(site, { unit, own: NUMBER, state });

const logIn = (browser: SiteBrowser, number = NUMBER, password = PASSWORD) =>
  browser.post('/login', { number, password });

const whereTo = async (browser: SiteBrowser, path = '/menu') => (await browser.get(path)).headers.location;

/** The code of the mail that was published last. */
function lastCode(): string {
  const secret = site.scene.mails.at(-1)?.secret;
  return secret && 'code' in secret ? secret.code : '';
}

/** A cookie that was stolen before something happened does nothing after it, on any page, and hears why. */
async function expectWorthless(thief: SiteBrowser, why: string): Promise<void> {
  const before = await accountsOf(site.scene);
  expect(await whereTo(thief.copied())).toBe(`/login?why=${why}`);
  for (const { path, methods, who, upload } of site.routes.filter((route) => Array.isArray(route.who))) {
    const own = path.replace(':unit', 'number').replace(/:\w+/, NUMBER);
    const form = { current: PASSWORD, next: NEXT_PASSWORD, again: NEXT_PASSWORD, code: lastCode() };
    const file = uploadForm('電話番号');
    const post = (browser: SiteBrowser) =>
      upload ? browser.post(own, file.body, file.headers) : browser.post(own, form);
    for (const method of methods) {
      const browser = thief.copied();
      const answer = await (method === 'GET' ? browser.get(own) : post(browser));
      const isSelfCare = String(who).startsWith('self-care');
      const where = answer.headers.location?.split('?')[0];
      expect([method, path, answer.status, where]).toEqual([
        method,
        path,
        303,
        isSelfCare ? '/self-care' : '/login',
      ]);
    }
  }
  expect(await accountsOf(site.scene)).toEqual(before);
}

describe('a cookie that a stranger set before the login', () => {
  it.each<[State, (browser: SiteBrowser) => Promise<unknown>]>([
    ['in', (browser) => logIn(browser)],
    ['change-password', (browser) => logIn(browser, NUMBER, TEMPORARY)],
    ['choose-one-time', (browser) => logIn(browser)],
    ['code', (browser) => logIn(browser)],
  ])('A12 is not taken over by a login that is %s', async (state, enter) => {
    await open(state);
    const browser = openSiteBrowser(site.url);
    browser.cookies.set(LOGIN, PLANTED);
    const stranger = browser.copied();
    await enter(browser);
    expect(browser.cookies.get(LOGIN)).toMatch(/^[\w-]{43}$/);
    expect(browser.cookies.get(LOGIN)).not.toBe(PLANTED);
    expect(await whereTo(stranger)).toBe('/login?why=idle');
  });

  it('A12 a login of the stranger’s own ends when somebody logs in over it, and gives him nothing', async () => {
    const { scene } = await open('out', 'number');
    await given(scene, 'number', {
      [NUMBER]: withPassword(scene, PASSWORD),
      [USER]: withPassword(scene, PASSWORD),
    });
    const stranger = openSiteBrowser(site.url);
    await logIn(stranger, USER);
    const victim = stranger.copied();
    await logIn(victim);
    expect((await victim.get('/password')).text).toContain(NUMBER);
    // The login that was there before has ended with the new one.
    await expectWorthless(stranger, 'idle');
  });
});

describe('each step of a login has a secret of its own', () => {
  it('A12 with the code: the one that waited for it is worth nothing, before and after', async () => {
    await open('code');
    const browser = openSiteBrowser(site.url);
    await logIn(browser);
    const waited = browser.copied();
    expect(await whereTo(waited)).toBe('/code');
    await browser.post('/code/send');
    expect((await browser.post('/code', { code: lastCode() })).headers.location).toBe('/menu');
    expect(browser.cookies.get(LOGIN)).not.toBe(waited.cookies.get(LOGIN));
    expect((await browser.get('/menu')).status).toBe(200);
    expect(await whereTo(waited)).toBe('/login?why=idle');
  });

  it('A12 without one: the one that waited for the choice is worth nothing', async () => {
    await open('choose-one-time');
    const browser = openSiteBrowser(site.url);
    await logIn(browser);
    const waited = browser.copied();
    await browser.post('/one-time-password/decline');
    expect((await browser.get('/menu')).status).toBe(200);
    await expectWorthless(waited, 'other-login');
  });

  it('A4 a temporary password’s login is over with the change', async () => {
    const { browser } = await open('change-password');
    const waited = browser.copied();
    const form = { current: TEMPORARY, next: NEXT_PASSWORD, again: NEXT_PASSWORD };
    expect((await browser.post('/password', form)).headers.location).toBe('/password/changed');
    expect(browser.cookies.has(LOGIN)).toBe(false);
    await expectWorthless(waited, 'password-changed');
  });
});

describe('a stolen cookie is worth nothing after', () => {
  it('A12 the log-out', async () => {
    const { browser } = await open('in');
    const thief = browser.copied();
    const { headers } = await browser.post('/logout');
    expect([headers.location, headers['clear-site-data']]).toEqual([
      '/login?why=log-out',
      '"cache", "storage"',
    ]);
    await expectWorthless(thief, 'idle');
  });

  it('A12 a newer login', async () => {
    const { browser } = await open('in');
    await logIn(openSiteBrowser(site.url));
    await expectWorthless(browser, 'other-login');
  });

  it('A4 a change of the password', async () => {
    const { browser } = await open('in');
    const thief = browser.copied();
    await browser.post('/password', { current: PASSWORD, next: NEXT_PASSWORD, again: NEXT_PASSWORD });
    await expectWorthless(thief, 'password-changed');
  });

  it('A7 a change of the password by the administrator', async () => {
    const { scene } = await open('in', 'administrator-user');
    const [user, administrator] = [openSiteBrowser(site.url), openSiteBrowser(site.url)];
    await given(scene, 'administrator-user', {
      [NUMBER]: withPassword(scene, PASSWORD),
      [USER]: withPassword(scene, PASSWORD),
    });
    await logIn(user, USER);
    await logIn(administrator);
    await administrator.post(`/password/${USER}`, {
      current: PASSWORD,
      next: NEXT_PASSWORD,
      again: NEXT_PASSWORD,
    });
    await expectWorthless(user, 'password-changed');
    expect((await administrator.get('/menu')).status).toBe(200);
  });

  it('A6 a change of the unit, of every number of the line but the one that made it', async () => {
    const { scene } = await open('out', 'number');
    await given(scene, 'number', {
      [NUMBER]: withPassword(scene, PASSWORD),
      [USER]: withPassword(scene, PASSWORD),
    });
    const [one, other] = [openSiteBrowser(site.url), openSiteBrowser(site.url)];
    await logIn(one);
    await logIn(other, USER);
    const passwords = Object.fromEntries(LINE.numbers.map((number) => [`password-${number}`, PASSWORD]));
    await one.post('/unit/administrator-user', passwords);
    expect((await one.post('/unit/confirm')).headers.location).toBe('/unit/changed');
    expect((await one.get('/menu')).status).toBe(200);
    await expectWorthless(other, 'unit-changed');
  });

  it.each(['end-sessions', 'invalidate-password', 'reset-one-time-password'] as const)(
    'A15 what an operator does: %s',
    async (what) => {
      const { browser, scene } = await open('in');
      await intervene(scene.deps, LINE, { number: NUMBER, what, by: 'desk' });
      await expectWorthless(browser, 'operator');
    },
  );

  it('A12 half an hour without it, and twelve hours with it', async () => {
    const { browser, scene } = await open('in');
    for (let passed = 0; passed < 12 * HOUR; passed += 29 * MINUTE) {
      expect((await browser.get('/menu')).status).toBe(200);
      scene.now += 29 * MINUTE;
    }
    await expectWorthless(browser, 'too-long');
    const { browser: idle, scene: other } = await open('in');
    other.now += 31 * MINUTE;
    await expectWorthless(idle, 'idle');
  });

  it('A8 a quarter of an hour, where it waited for its code', async () => {
    const { browser, scene } = await open('code');
    await browser.post('/code/send');
    scene.now += 16 * MINUTE;
    await expectWorthless(browser, 'idle');
  });
});

describe('the browser’s own cookie', () => {
  it('A3 lets nobody in, and is not removed by logging out', async () => {
    await open('out');
    const browser = openSiteBrowser(site.url);
    await logIn(browser);
    const known = browser.cookies.get('__Host-browser') ?? '';
    await browser.post('/logout');
    expect(browser.cookies.get('__Host-browser')).toBe(known);
    browser.cookies.set(LOGIN, known);
    expect(await whereTo(browser)).toBe('/login?why=idle');
  });

  it('A12 has nothing of the login’s, and neither of what is stored', async () => {
    const { scene } = await open('out');
    const browser = openSiteBrowser(site.url);
    await logIn(browser);
    const stored = JSON.stringify([...(await accountsOf(scene))]);
    for (const secret of browser.cookies.values()) expect(stored).not.toContain(secret);
    expect(new Set(browser.cookies.values()).size).toBe(2);
  });
});

describe('many cookies', () => {
  it('A12 a hundred others, odd ones, and a second login change nothing of whose the first is', async () => {
    const { browser } = await open('in');
    const login = `${LOGIN}=${browser.cookies.get(LOGIN)}`;
    const stuffing = Array.from({ length: 100 }, (_, index) => `c${index}=${'x'.repeat(40)}`).join('; ');
    const odd = '__proto__=1; constructor=%; =; ;; toString; login=1; __Host-login%00=2; __host-login=3';
    for (const cookie of [
      `${stuffing}; ${login}`,
      `${odd}; ${login}`,
      `${login}; ${LOGIN}=${PLANTED}`,
      `${login};${LOGIN}=`,
    ])
      expect([cookie.slice(0, 30), (await browser.get('/menu', { cookie })).status]).toEqual([
        cookie.slice(0, 30),
        200,
      ]);
    for (const cookie of [
      `login=${browser.cookies.get(LOGIN)}`,
      `${LOGIN.toLowerCase()}=${browser.cookies.get(LOGIN)}`,
      `${LOGIN}=${PLANTED}; ${login}`,
      `${LOGIN}=${browser.cookies.get(LOGIN)}x`,
      `${LOGIN}=%00${browser.cookies.get(LOGIN)}`,
      `${LOGIN}="; ${LOGIN}2=${browser.cookies.get(LOGIN)}`,
    ])
      expect([cookie, (await browser.get('/menu', { cookie })).status]).toEqual([cookie, 303]);
  });
});

it('A12 a day later the same cookie is nobody’s, and a code’s address is still not shown', async () => {
  const { browser, scene } = await open('code');
  const { text } = await browser.get('/code');
  expect([text.includes(ADDRESS), IN_USE.address]).toEqual([false, ADDRESS]);
  scene.now += DAY;
  await expectWorthless(browser, 'idle');
});
