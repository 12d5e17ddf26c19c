import { load } from 'cheerio';
import { NUMBER, PASSWORD } from '../../../libs/access/testing/access-scene.ts';
import { askSite, openSiteBrowser, type SiteAnswer } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { accountsOf, formOf, stage, type State } from '../../support/site-somebody.ts';

const site = await startSiteInMemory();
const AT: { readonly unit: 'administrator-user'; readonly own: string } = {
  unit: 'administrator-user',
  own: NUMBER,
};

/** What every answer has, however odd the request was. */
function checkHeaders({ headers, status }: SiteAnswer): void {
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  expect(status).toBeLessThan(500);
}

describe('where a login leads afterwards', () => {
  const login = { number: NUMBER, password: PASSWORD };

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'https:evil.example',
    'HTTPS://evil.example/menu',
    'javascript:alert(1)',
    'data:text/html,x',
    '/%2f%2fevil.example',
    '%2f%2fevil.example',
    '/%5cevil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/menu\r\nset-cookie: __Host-login=evil',
    '/menu\r\n\r\n<script>alert(1)</script>',
    '/menu\0',
    '/menu?next=//evil.example',
    '/menu#//evil.example',
    '/@evil.example',
    '.evil.example',
    'menu',
    '/ｍｅｎｕ',
    '/menu\u2028',
  ])('A12 is never elsewhere: %j', async (next) => {
    await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
    const { headers } = await openSiteBrowser(site.url).post('/login', { ...login, next });
    const where = new URL(headers.location ?? '', 'https://site.example');
    expect([where.host, headers.location]).toEqual(['site.example', '/menu']);
    expect(headers['set-cookie']).toHaveLength(2);
    const page = await openSiteBrowser(site.url).get(`/login?next=${encodeURIComponent(next)}`);
    expect(load(page.text)('[name=next]')).toHaveLength(0);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/menu\r\nset-cookie: x=1',
    '/\t/evil.example',
  ])('A12 is not elsewhere after a code either: %j', async (next) => {
    const { browser, scene } = await stage(site, { unit: 'line', own: NUMBER, state: 'code' });
    expect((await browser.get(`/code?next=${encodeURIComponent(next)}`)).text).not.toMatch(/evil|x=1/);
    const sent = await browser.post('/code/send', { next });
    expect(sent.headers.location).toBe('/code');
    const secret = scene.mails.at(-1)?.secret;
    const code = secret && 'code' in secret ? secret.code : '';
    expect((await browser.post('/code', { code, next })).headers.location).toBe('/menu');
  });

  it.each(['/password', '/services/call-notice', '/..//evil.example', '/login', '/unit/number'])(
    'A12 is the page that was asked for: %s',
    async (next) => {
      await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
      const { headers } = await openSiteBrowser(site.url).post('/login', { ...login, next });
      expect(headers.location).toBe(next);
      expect(new URL(next, 'https://site.example').host).toBe('site.example');
    },
  );

  it.each(['//evil.example/menu', '/menu//evil', '/password/..%2f..%2f', '/services/%0d%0aset-cookie:x=1'])(
    'A12 who is not logged in is sent to log in or nowhere, from %s',
    async (path) => {
      await stage(site, { unit: 'line', own: NUMBER, state: 'out' });
      const { status, headers } = await openSiteBrowser(site.url).get(path);
      expect([303, 404]).toContain(status);
      expect(headers.location ?? '/login').toMatch(/^\/login(\?|$)/);
      expect(headers['set-cookie']?.join() ?? '').not.toContain('x=1');
    },
  );
});

describe('what was typed', () => {
  const MARK = 'xq7';
  const ODD = [
    `"><img src=x onerror=${MARK}>`,
    `'><svg/onload=${MARK}>`,
    `</title></textarea></script><script>${MARK}</script>`,
    `&lt;b&gt;&#x22;&amp;${MARK}`,
    `javascript:${MARK}`,
    `\0${MARK}\x01\x0b\x7f`,
    `\u202E${MARK}\u2066`,
    `{{${MARK}}}\${${MARK}}<%=${MARK}%>`,
    `${MARK}\r\nset-cookie: a=${MARK}`,
  ];
  const ECHOING: readonly (readonly [State, string, readonly string[]])[] = [
    ['out', '/login', ['number', 'password', 'next']],
    ['out', '/self-care', ['id', 'password']],
    ['out', '/registration', ['token']],
    ['choose-one-time', '/one-time-password', ['use']],
    ['choose-one-time', '/one-time-password/address', ['address', 'id', 'password']],
    ['code', '/code', ['code']],
    ['code', '/code/address', ['id', 'password']],
    ['in', '/password', ['current', 'next', 'again', 'username']],
    ['in', '/confirmation-id', ['current', 'next', 'again']],
    ['in', '/confirmation-password', ['current', 'next', 'again']],
    ['in', '/unit/number', [`password-${NUMBER}`]],
    ['self-care-code', '/self-care/code', ['code']],
  ];

  /** The elements and attributes of a page, without their values. */
  const skeleton = (html: string): string[] => {
    const $ = load(html);
    const nameOf = (element: ReturnType<typeof $>) => element.prop('tagName')?.toLowerCase();
    return Array.from($('*'), (element) =>
      [nameOf($(element)), ...Object.keys($(element).attr() ?? {})].join(' '),
    );
  };

  it.each(ECHOING)('is text, never markup: %s at %s, %j', async (state, path, fields) => {
    for (const field of fields) {
      const { browser } = await stage(site, { ...AT, state });
      const plain = await browser.copied().post(path, { ...formOf({ ...AT, state }, NUMBER), [field]: MARK });
      for (const odd of ODD) {
        const answer = await browser
          .copied()
          .post(path, { ...formOf({ ...AT, state }, NUMBER), [field]: odd });
        checkHeaders(answer);
        if (answer.status !== plain.status) continue;
        const known = new Set(skeleton(plain.text));
        expect(
          skeleton(answer.text).filter((element) => !known.has(element) && !ERROR.test(element)),
        ).toEqual([]);
        expect(JSON.stringify(answer.headers)).not.toContain(MARK);
      }
    }
  });

  /** What a page has more of when there are more errors on it. */
  const ERROR = /^(span|ul|li|a|p|div|input|h2|svg|path) (?!.*\bon)/;

  it.each(['token', 'next', 'why', 'changed', 'declined', '"><img src=x onerror=xq7>'])(
    'is text in the address too: %s',
    async (name) => {
      for (const path of ['/', '/login', '/registration', '/self-care', '/unit/changed', '/password/changed'])
        for (const odd of ODD) {
          await stage(site, { ...AT, state: 'out' });
          const answer = await openSiteBrowser(site.url).get(
            `${path}?${encodeURIComponent(name)}=${encodeURIComponent(odd)}`,
          );
          checkHeaders(answer);
          expect(answer.text).not.toMatch(/<[^>]*xq7/);
          expect(answer.text).not.toContain('<script>xq7');
        }
    },
  );

  it('passwords never come back', async () => {
    for (const [state, path, fields] of ECHOING) {
      const { browser } = await stage(site, { ...AT, state });
      const form = Object.fromEntries(fields.map((field) => [field, `Zq9${field}`]));
      const { text } = await browser.post(path, form);
      const secret = load(text)('input[type=password]')
        .toArray()
        .map((input) => load(text)(input).attr('value') ?? '');
      expect(secret.filter((value) => value !== '')).toEqual([]);
      // An id is no password, and is kept as it was typed.
      if (path === '/confirmation-id') continue;
      for (const field of ['password', 'current', 'again', 'code', `password-${NUMBER}`])
        expect([path, field, text.includes(`Zq9${field}`)]).toEqual([path, field, false]);
    }
  });
});

describe('odd forms', () => {
  it.each<[string, string | Buffer]>([
    ['10,000 fields', Array.from({ length: 10_000 }, (_, index) => index.toString(36)).join('&')],
    ['10,000 times one', 'number=1&'.repeat(6_000)],
    ['names of objects', '__proto__=1&constructor=2&number[__proto__]=3&toString=4&hasOwnProperty=5'],
    ['brackets', 'number[]=0312345678&number[a][b]=1&password[]=x'],
    ['broken percents', 'number=%&password=%zz&next=%u0041'],
    ['invalid UTF-8', Buffer.from([0x6e, 0x75, 0x6d, 0x62, 0x65, 0x72, 0x3d, 0xff, 0xfe, 0xc3, 0x28])],
    ['invalid UTF-8 in percents', 'number=%ff%fe%c3%28&password=%80'],
    ['NUL', 'number=0312345678%00&password=%00'],
    ['no names', '&&&=&=x&;;'],
    ['a surrogate', 'number=%ed%a0%80'],
    ['nothing', ''],
  ])('are forms with wrong fields: %s', async (_, body) => {
    const { scene } = await stage(site, { ...AT, state: 'out' });
    const before = await accountsOf(scene);
    for (const path of ['/login', '/self-care']) {
      const answer = await openSiteBrowser(site.url).post(path, body);
      expect([path, answer.status]).toEqual([path, 422]);
      checkHeaders(answer);
    }
    const { status } = await openSiteBrowser(site.url).post('/registration', body);
    expect(status).toBe(404);
    expect(await accountsOf(scene)).toEqual(before);
    expect(Object.hasOwn(Object.prototype, 'number')).toBe(false);
  });

  it('the first of a field that is repeated counts, everywhere', async () => {
    await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
    const twice = `number=${NUMBER}&number=0455555555&password=${PASSWORD}&password=x&next=/password&next=//evil.example`;
    const { headers } = await openSiteBrowser(site.url).post('/login', twice);
    expect(headers.location).toBe('/password');
  });

  it('what is too large is not read: 413, nothing changed', async () => {
    const { browser, scene } = await stage(site, { ...AT, state: 'in' });
    const before = await accountsOf(scene);
    for (const path of ['/password', '/logout', '/one-time-password/decline']) {
      const answer = await browser.post(path, `current=${'x'.repeat(70_000)}`);
      expect([path, answer.status]).toEqual([path, 413]);
      checkHeaders(answer);
    }
    expect(await accountsOf(scene)).toEqual(before);
  });

  it('a password of 60,000 characters is wrong like any other', async () => {
    await stage(site, { unit: 'line', own: NUMBER, state: 'out' });
    const answer = await openSiteBrowser(site.url).post('/login', {
      number: NUMBER,
      password: 'x'.repeat(60_000),
    });
    expect(answer.status).toBe(422);
  });
});

describe('odd paths', () => {
  it.each([
    '//login',
    '/login/',
    '/Login',
    '/LOGIN',
    '/menu/',
    '/MENU',
    '/menu/.',
    '/menu//',
    '/./menu',
    '/../menu',
    '/%6denu',
    '/menu%00',
    '/menu%2f',
    '/menu;x=1',
    '/password/..%2fmenu',
    '/password/%2e%2e',
    '/password/..',
    '/password/%2e%2e/menu',
    '/password/Changed',
    '/password/changed/',
    '/password/%00',
    '/password/%ff',
    '/password/%E0%A4%A',
    '/password/0312345679%20',
    '/password/+81312345679',
    '/password/03-1234-5679',
    '/password/__proto__',
    '/unit/Changed',
    '/unit/Confirm',
    '/unit/__proto__',
    '/unit/line,number',
    '/services/__proto__',
    '/services/constructor',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/package.json',
    '/assets/__proto__',
    '/assets/',
    '/.env',
    '/.git/config',
    '/self-care/../menu',
    '/registration/',
    '/index.html',
    'http://evil.example/menu',
    '*',
  ])('A1 lead nowhere: %s', async (path) => {
    for (const state of ['in', 'out'] as const) {
      const { browser, scene } = await stage(site, { ...AT, state });
      const before = await accountsOf(scene);
      const form = formOf({ ...AT, state }, NUMBER);
      for (const answer of [await browser.get(path), await browser.post(path, form)]) {
        // Who is not logged in hears nothing about what is there.
        const isSent = state === 'out' && answer.headers.location?.startsWith('/login');
        expect([404, 405]).toContain(isSent ? 404 : answer.status);
        checkHeaders(answer);
      }
      expect(await accountsOf(scene)).toEqual(before);
    }
  });
});

describe('other methods', () => {
  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'M-SEARCH'])(
    'A1 %s does nothing on any page',
    async (method) => {
      const { browser, scene } = await stage(site, { ...AT, state: 'in' });
      const before = await accountsOf(scene);
      const cookie = `__Host-login=${browser.cookies.get('__Host-login')}`;
      for (const { path } of site.routes) {
        const headers = { cookie, 'sec-fetch-site': 'same-origin', 'x-http-method-override': 'POST' };
        const answer = await askSite(site.url, { method, path: path.replace(/:\w+/, NUMBER), headers });
        expect([path, answer.status]).toEqual([path, 405]);
        checkHeaders(answer);
      }
      expect(await accountsOf(scene)).toEqual(before);
    },
  );

  it('A1 GET and HEAD never do what a POST does, whatever they claim', async () => {
    const { browser, scene } = await stage(site, { ...AT, state: 'in' });
    const before = await accountsOf(scene);
    const query = `_method=POST&${new URLSearchParams(formOf({ ...AT, state: 'in' }, NUMBER)).toString()}`;
    const headers = {
      cookie: `__Host-login=${browser.cookies.get('__Host-login')}`,
      'x-http-method-override': 'POST',
    };
    for (const { path } of site.routes)
      for (const method of ['GET', 'HEAD'])
        await askSite(site.url, { method, path: `${path.replace(/:\w+/, NUMBER)}?${query}`, headers });
    expect(await accountsOf(scene)).toEqual(before);
  });
});

describe('the Host header', () => {
  const HOSTS = [
    'evil.example',
    'www.hikari.ntt-east.net.evil.example',
    'evil.example:443',
    'a/b',
    '',
    '<b>xq7',
  ];

  it.each(HOSTS)('stands on no page and in no link of a mail: %j', async (host) => {
    const { browser, scene } = await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
    const headers = { host, 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' };
    const pages = [
      await browser.get('/', headers),
      await browser.get('/menu', headers),
      await browser.get('/nothing', headers),
      await browser.post(
        '/one-time-password/address',
        { address: 'a@example.jp', id: 'Kakunin01', password: 'tsubaki42q' },
        headers,
      ),
      await browser.post('/one-time-password/confirm', {}, headers),
    ];
    const answered = JSON.stringify(pages.map((page) => [page.headers, page.text]));
    expect(answered).not.toMatch(/evil|xq7/);
    expect(scene.mails.map(({ secret }) => secret)).toEqual([
      { link: expect.stringMatching(/^https:\/\/ntt-east\.example\/registration\?token=/) },
    ]);
  });
});
