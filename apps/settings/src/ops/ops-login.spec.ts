import { load } from 'cheerio';
import request from 'supertest';
import { ASSETS_DIR, loadAssets } from '#pages';
import { checkPage } from '../../../../test/support/page-checks.ts';
import { OPS_ROUTES } from './ops.module.ts';
import { openOpsInMemory, type OpsInMemory } from './testing/ops-in-memory.ts';

const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
const MINUTE = 60_000;
const OURS = { 'sec-fetch-site': 'same-origin' };
const PAGES = OPS_ROUTES.filter(({ who, methods }) => who === 'operator' && methods.includes('GET'));
/** A path of a row, with something for each name. */
const pathOf = (template: string): string => template.replaceAll(/:\w+/g, '0312345678');

let ops: OpsInMemory;
beforeEach(async () => {
  ops = await openOpsInMemory();
});
afterEach(() => ops.app.close());

const http = () => request(ops.app.getHttpServer());
const get = (path: string, cookie = '') => http().get(path).set('cookie', cookie);
const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  http()
    .post(path)
    .type('form')
    .set({ ...OURS, ...headers })
    .send(form);
const cookieOf = ({ headers }: request.Response): string =>
  (headers['set-cookie'] as unknown as string[] | undefined)?.[0]?.split(';', 1)[0] ?? '';
const logIn = async (token = 'abc:def', cookie = ''): Promise<string> =>
  cookieOf(await post('/ops/login', { token }, { cookie }));

describe("the operator's login", () => {
  it('lets in who shows a token, by a cookie of this host alone', async () => {
    const answer = await post('/ops/login', { token: ' abc:def ' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/ops']);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^__Host-operator=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const page = await get('/ops', cookieOf(answer));
    expect(page.status).toBe(200);
    expect(load(page.text)('.login-bar strong').text()).toBe('helpdesk');
    expect(ops.failed).toEqual([]);
  });

  it.each([
    ['abc:def', 'helpdesk'],
    ['night-token', 'night'],
  ])('knows whose token %s is', async (token, name) => {
    const page = await get('/ops', await logIn(token));
    expect(load(page.text)('.login-bar strong').text()).toBe(name);
  });

  it.each(['', 'abc', 'abc:de', 'helpdesk', 'helpdesk:abc:def', 'Bearer abc:def'])(
    'refuses %j, and counts it unless nothing was typed',
    async (token) => {
      const answer = await post('/ops/login', { token });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([422, undefined]);
      expect(answer.text).not.toContain(`"${token || '?'}"`);
      expect(ops.failed).toHaveLength(token === '' ? 0 : 1);
      expect(ops.sessions.size).toBe(0);
    },
  );

  it('answers a flood of tries of one source with 429, the right token too', async () => {
    ops.sourceWait = 600;
    const answer = await post('/ops/login', { token: 'abc:def' });
    expect([answer.status, answer.headers['retry-after'], cookieOf(answer)]).toEqual([429, '600', '']);
    expect(load(answer.text)('[role=alert]').text()).toContain('あと10分');
  });

  it('counts a try by where it comes from, not by what a stranger says of that', async () => {
    for (const address of ['192.0.2.1', '192.0.2.2'])
      await post('/ops/login', { token: 'x' }, { 'x-forwarded-for': address, forwarded: `for=${address}` });
    expect(new Set(ops.failed).size).toBe(1);
    expect(ops.failed.join()).toContain('127.0.0.1');
  });

  it('leads back to the page that was asked for, and to no other site', async () => {
    const asked = await get('/ops/nowhere');
    expect(asked.status).toBe(404);
    const [page = { path: '' }] = PAGES.filter(({ path }) => path !== '/ops');
    if (page.path !== '')
      expect((await get(pathOf(page.path))).headers.location).toBe(
        `/ops/login?next=${encodeURIComponent(pathOf(page.path))}`,
      );
    for (const next of ['//evil.example', 'https://evil.example', '/v1/x', '/ops/../v1', '/ops/\r\nx: y'])
      expect((await post('/ops/login', { token: 'abc:def', next })).headers.location).toBe('/ops');
    const inner = await post('/ops/login', { token: 'abc:def', next: '/ops/outcomes' });
    expect(inner.headers.location).toBe('/ops/outcomes');
  });
});

describe("an operator's session", () => {
  it('is another one after each login, and the one before ends', async () => {
    const first = await logIn();
    const second = await logIn('abc:def', first);
    expect(second).not.toBe(first);
    expect((await get('/ops', first)).status).toBe(303);
    expect((await get('/ops', second)).status).toBe(200);
  });

  it('is not the one that somebody planted', async () => {
    const planted = `__Host-operator=${'A'.repeat(43)}`;
    expect(await logIn('abc:def', planted)).not.toBe(planted);
    expect((await get('/ops', planted)).status).toBe(303);
  });

  it.each([
    '__Host-operator=',
    '__Host-operator=x',
    `__Host-operator=${'A'.repeat(43)}`,
    'operator=x',
    '__proto__=x',
  ])('is none for the cookie %s', async (cookie) => expect((await get('/ops', cookie)).status).toBe(303));

  it('ends with its log-out, also in who has copied the cookie', async () => {
    const cookie = await logIn();
    const out = await post('/ops/logout', {}, { cookie });
    expect([out.status, out.headers.location]).toEqual([303, '/ops/login?why=log-out']);
    expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await get('/ops', cookie)).headers.location).toBe('/ops/login?why=idle');
  });

  it('lasts 12 hours at most, however much is done', async () => {
    const cookie = await logIn();
    ops.now += 12 * 60 * MINUTE - 1_000;
    expect((await get('/ops', cookie)).text).toContain('data-seconds-left="1"');
    ops.now += 1_000;
    expect((await get('/ops', cookie)).headers.location).toBe('/ops/login?why=too-long');
    expect(ops.sessions.size).toBe(0);
  });

  it.each([
    ['is gone', []],
    ['has another value', [{ name: 'helpdesk', token: 'new' }]],
    ['is of another name', [{ name: 'other', token: 'abc:def' }]],
  ])('ends when its token %s', async (_, tokens) => {
    const cookie = await logIn();
    ops.tokens = tokens;
    expect((await get('/ops', cookie)).headers.location).toBe('/ops/login?why=token-gone');
    ops.tokens = [{ name: 'helpdesk', token: 'abc:def' }];
    expect((await get('/ops', cookie)).status).toBe(303);
  });

  it('O5 leaves neither its secret nor the token where it is stored, in a page or in the log', async () => {
    const cookie = await logIn();
    await post('/ops/login', { token: 'a wrong token' });
    const page = await get('/ops', cookie);
    const [secret = '?'] = /[\w-]{43}$/.exec(cookie) ?? [];
    for (const told of [secret, 'abc:def', 'a wrong token'])
      expect([page.text, ops.log.join(), JSON.stringify([...ops.sessions])].join()).not.toContain(told);
    expect(ops.log.join()).toContain('"client":"helpdesk"');
  });
});

describe('who may what', () => {
  it.each(PAGES)('$path asks who has no session to log in', async ({ path }) => {
    const answer = await get(pathOf(path));
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toMatch(/^\/ops\/login/);
  });

  it.each(PAGES)('$path is not opened by a token in a header', async ({ path }) => {
    const answer = await get(pathOf(path)).set('authorization', 'Bearer abc:def');
    expect(answer.status).toBe(303);
  });

  it('the API is not opened by a cookie', async () => {
    const cookie = await logIn();
    for (const path of ['/v1/lines/0312345678', '/v1/outcomes/x', '/v1/numbers/0312345678/access'])
      expect((await get(path, cookie)).status).toBe(401);
  });

  it('the API answers what is none of the pages as before', async () => {
    const answer = await get('/opsx');
    expect([answer.status, answer.headers['content-type']]).toEqual([404, 'application/problem+json']);
  });

  it.each(OPS_ROUTES.filter(({ methods }) => methods.includes('POST')))(
    '$path takes no form of another site',
    async ({ path }) => {
      const cookie = await logIn();
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': '', origin: 'https://evil.example' },
      ])
        expect((await post(pathOf(path), { token: 'abc:def' }, { cookie, ...headers })).status).toBe(403);
      expect((await get('/ops', cookie)).status).toBe(200);
      expect(ops.sessions.size).toBe(1);
    },
  );

  it('every page is well made, is never stored, and asks nothing of another host', async () => {
    const cookie = await logIn();
    for (const path of ['/ops/login', '/ops/login?why=token-gone', '/ops', '/ops/nowhere', '/ops/']) {
      const { headers, text } = await get(path, cookie);
      checkPage(text, { assetBytes });
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      for (const link of load(text)('link, script').toArray())
        expect(load(text)(link).attr('href') ?? load(text)(link).attr('src')).toMatch(/^\/ops\/assets\//);
    }
    const style = /href="([^"]*site[^"]*css)"/.exec((await get('/ops/login')).text)?.[1] ?? '';
    expect((await get(style)).headers['content-type']).toBe('text/css; charset=utf-8');
  });
});
