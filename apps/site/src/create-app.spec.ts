import { Controller, Get, Module, Post, Req, Res } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { load } from 'cheerio';
import type { ServerResponse } from 'node:http';
import request from 'supertest';
import { KafkaError } from '#kafka';
import { BRANDS_DIR, loadBrands } from '#mail';
import {
  ASSETS_DIR,
  cookie,
  type Json,
  loadAssets,
  type PageContent,
  PageError,
  readCookie,
  type SeeOther,
  trustedProxies,
} from '#pages';
import { createLogger, createRegistry } from '#platform';
import { RedisError } from '#redis';
import { closeLater } from '../../../test/support/close-later.ts';
import { checkPage } from '../../../test/support/page-checks.ts';
import { brandOfHost } from './brand-of-host.ts';
import { createApp, OTHER_ROUTES } from './create-app.ts';
import type { SiteRequest } from './http/site-request.ts';
import { sitePages, type PageParts, type Pages } from './site.module.ts';

const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
const brands = loadBrands(BRANDS_DIR);

/** What the pages of this test do next, and what they were asked. */
let thrown: unknown;
let taken: { readonly values: readonly string[]; readonly cookie: string | undefined }[] = [];
const log: string[] = [];

/** Pages for who is logged in. */
@Controller()
class InnerController {
  @Get(['/in', '/pending'])
  show(): PageContent {
    return { heading: '設定', body: '' };
  }
}

/** A page as the site's are: shows a form, takes it, sets a cookie, and may fail. */
@Controller()
class FormController {
  @Get('/numbers/:number/form')
  show(@Req() { params, ip = '', secure }: SiteRequest): PageContent {
    if (thrown !== undefined) throw thrown;
    return { heading: '設定', body: `${params['number']} ${ip} ${secure}` };
  }

  @Get('/data')
  data(): Json {
    return { json: { secondsLeft: 1800 } };
  }

  @Post('/numbers/:number/form')
  take(
    @Req() { form, headers }: SiteRequest,
    @Res({ passthrough: true }) response: ServerResponse,
  ): PageContent | SeeOther {
    taken.push({ values: form.values('box'), cookie: readCookie(headers, 'session') });
    if (form.value('box') === '') return { heading: '設定', body: '', errors: { '': '入力してください。' } };
    response.setHeader('set-cookie', cookie('session', 'abc'));
    return { seeOther: '/menu' };
  }
}
@Module({ controllers: [FormController, InnerController] })
class FormModule {}
const FORM_PAGES: Pages = {
  module: FormModule,
  routes: [
    { path: '/numbers/:number/form', methods: ['GET', 'POST'], who: 'open' },
    { path: '/data', methods: ['GET'], who: 'open' },
    { path: '/in', methods: ['GET'], who: ['in'] },
    { path: '/pending', methods: ['GET'], who: ['code'] },
  ],
};
/** What stands behind the pages is not asked here. */
const logger = createLogger({
  app: 'site',
  level: 'debug',
  destination: { write: (line) => void log.push(line) },
});
const PAGES = sitePages({ brands, logger } as unknown as PageParts);
const FORM = '/numbers/0312345678/form';

async function openApp(pages: Pages, proxies: readonly string[] = []): Promise<NestExpressApplication> {
  const app = await createApp({
    pages,
    admit: (_, __, next) => next(),
    brandOf: brandOfHost(brands),
    isProxy: trustedProxies(proxies),
    assets,
    checks: { redis: () => 'does not answer' },
    registry: createRegistry({ app: 'site', version: '0' }),
    logger,
  });
  closeLater(() => app.close());
  return app;
}

let site: NestExpressApplication;
let forms: NestExpressApplication;
let behindProxy: NestExpressApplication;
beforeAll(async () => {
  [site, forms, behindProxy] = [
    await openApp(PAGES),
    await openApp(FORM_PAGES),
    await openApp(FORM_PAGES, ['127.0.0.0/8', '::1']),
  ];
});
afterEach(() => {
  thrown = undefined;
  taken = [];
  log.length = 0;
});

const at = (app: NestExpressApplication) => request(app.getHttpServer());
/** A form as a browser sends it. */
const post = (headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }, path = FORM) =>
  at(forms).post(path).set(headers).type('form');

/** The status and the heading of a page, after the checks that hold for every page and its headers. */
function shown({ status, headers, text }: request.Response): [number, string] {
  checkHeaders(headers);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  checkPage(text, { assetBytes });
  return [status, load(text)('h1').text()];
}

/** What is logged as an error: what does not end by itself. */
const needsPerson = (error: unknown) => {
  const code = error instanceof Error && 'code' in error ? error.code : 'bug';
  return ['bug', 'DOCUMENT_BROKEN', 'REDIS_REFUSES_WRITES'].includes(String(code));
};

/** The headers of every answer. */
function checkHeaders(headers: Record<string, string>): void {
  expect(headers).toMatchObject({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': expect.stringContaining('geolocation=()'),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
  for (const name of ['x-powered-by', 'etag', 'server']) expect(headers[name]).toBeUndefined();
}

describe('the table of routes', () => {
  it.each([
    ['the site', () => site, PAGES],
    ['another', () => forms, FORM_PAGES],
  ])('of %s has a row for each route, and a route for each row', (_, app, pages) => {
    interface Layer {
      readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
    }
    const { router } = app().getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
    const served = router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
    const rows = [...pages.routes, ...OTHER_ROUTES].flatMap(({ path, methods }) =>
      methods.map((method) => `${method} ${path}`),
    );
    expect(served.toSorted()).toEqual(rows.toSorted());
    expect(new Set(rows).size).toBe(rows.length);
  });
});

describe('the first pages', () => {
  it.each([
    ['/', 'ひかり電話設定サイト'],
    ['/login', 'ログイン'],
  ])('%s', async (path, heading) => expect(shown(await at(site).get(path))).toEqual([200, heading]));

  it('are those of the brand of the host (B1)', async () => {
    const answer = await at(site).get('/').set('host', 'selfcare.rakuten-mobile.example');
    expect(shown(answer)).toEqual([200, 'カスタマー・セルフケア・サービス']);
  });

  it('lead a password manager to the page that changes a password', async () => {
    const { status, headers } = await at(site).get('/.well-known/change-password');
    expect([status, headers['location']]).toEqual([303, '/password']);
    checkHeaders(headers);
  });

  it.each(['/', '/login', '/.well-known/change-password', '/livez', assets.style])(
    'answer HEAD as GET without its body: %s',
    async (path) => {
      const [head, get] = [await at(site).head(path).redirects(0), await at(site).get(path).redirects(0)];
      expect([head.status, head.headers['content-type'], head.text ?? '']).toEqual([
        get.status,
        get.headers['content-type'],
        '',
      ]);
      checkHeaders(head.headers as Record<string, string>);
    },
  );
});

describe('the files of the site', () => {
  it.each([
    [assets.style, 'text/css; charset=utf-8'],
    [assets.script, 'text/javascript; charset=utf-8'],
    [assets.icon, 'image/svg+xml'],
  ])('%s is kept for a year', async (path, type) => {
    const { status, headers } = await at(site).get(path);
    checkHeaders(headers as Record<string, string>);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      type,
      'public, max-age=31536000, immutable',
    ]);
  });

  it.each(['/assets/site.css', '/assets/site.0000000000.css', '/assets/..%2fsite.css', '/assets/'])(
    'there is no other: %s',
    async (path) => expect(shown(await at(site).get(path))).toEqual([404, 'ページが見つかりません']),
  );
});

describe('what cannot be answered', () => {
  it.each(['/nothing', '/login/', '/%zz', '//', '/robots.txt', '/numbers/%20%/form'])(
    'is 404 at %s',
    async (path) => expect(shown(await at(forms).get(path))).toEqual([404, 'ページが見つかりません']),
  );

  it.each(['put', 'delete', 'patch', 'options'] as const)(
    'is 405 for %s, and says what goes',
    async (method) => {
      const answer = await at(forms)[method](FORM).set('sec-fetch-site', 'same-origin');
      expect(shown(answer)).toEqual([405, 'この操作は受け付けられません']);
      expect(answer.headers['allow']).toBe('GET, HEAD, POST');
    },
  );

  it.each([
    ['what is not there', new PageError('not-found'), 404, 'ページが見つかりません'],
    [
      'too much',
      new PageError('too-many', { headers: { 'retry-after': '30' } }),
      429,
      'ただいま受け付けられません',
    ],
    [
      'Redis away',
      new RedisError('REDIS_UNAVAILABLE', 'reading: refused'),
      503,
      'ただいまご利用いただけません',
    ],
    [
      'Kafka away',
      new KafkaError('unacknowledged', 'no broker', { retryable: true }),
      503,
      'ただいまご利用いただけません',
    ],
    [
      'Redis full',
      new RedisError('REDIS_REFUSES_WRITES', 'writing: refused'),
      503,
      'ただいまご利用いただけません',
    ],
    [
      'a broken document',
      new RedisError('DOCUMENT_BROKEN', 'secret 0312345678'),
      500,
      'エラーが発生しました',
    ],
    ['a bug', new TypeError('secret is not a function'), 500, 'エラーが発生しました'],
    ['an odd thing thrown', 'secret', 500, 'エラーが発生しました'],
  ])('answers %s', async (_, error, status, heading) => {
    thrown = error;
    const answer = await at(forms).get(FORM);
    expect(shown(answer)).toEqual([status, heading]);
    expect(answer.text).not.toMatch(/secret|refused|broker/);
    expect(answer.headers['retry-after']).toBe({ 429: '30', 503: '5' }[status]);
    expect(log.filter((line) => line.includes('"level":"error"'))).toHaveLength(needsPerson(error) ? 1 : 0);
    const away = log.filter((line) => line.includes('a request could not be served'));
    expect(away.map((line) => (JSON.parse(line) as { server?: string }).server)).toEqual(
      status === 503 ? [error instanceof RedisError ? 'Redis' : 'Kafka'] : [],
    );
  });

  it('leads back, and in again by dialling', async () => {
    const $ = load((await at(forms).get('/nothing')).text);
    const links = $('main a')
      .toArray()
      .map((link) => $(link).attr('href'));
    expect(links).toEqual(['/', '/login', 'tel:0363044747']);
  });
});

it('data that the script asks for are no page, and have the headers of one', async () => {
  const { headers, body } = await at(forms).get('/data');
  checkHeaders(headers as Record<string, string>);
  expect([headers['content-type'], headers['cache-control'], body]).toEqual([
    'application/json; charset=utf-8',
    'no-store',
    { secondsLeft: 1800 },
  ]);
});

describe('a form', () => {
  it('is taken, and leads on; what is wrong with it is 422', async () => {
    const answer = await post().send('box=1&box=2').redirects(0);
    expect([answer.status, answer.headers['location'], taken[0]?.values]).toEqual([303, '/menu', ['1', '2']]);
    expect(answer.headers['set-cookie']).toEqual([
      '__Host-session=abc; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
    checkHeaders(answer.headers as Record<string, string>);
    expect(shown(await post().send('other=1'))).toEqual([422, '設定']);
  });

  it('brings the cookie that was set', async () => {
    await post().set('cookie', '__Host-session=abc').send('box=1');
    expect(taken[0]?.cookie).toBe('abc');
  });

  it.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'none' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://site.example.jp' }, false],
    [{ origin: 'https://site.example.jp' }, true],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: 'null' }, false],
    [{}, false],
  ])('with %j is let in: %s', async (headers, expected) => {
    const answer = await post({ host: 'site.example.jp', ...headers })
      .send('box=1')
      .redirects(0);
    expect([answer.status, taken.length]).toEqual(expected ? [303, 1] : [403, 0]);
    if (!expected) expect(shown(answer)).toEqual([403, 'この操作は受け付けられません']);
  });

  it.each([
    'application/json',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/x-www-form-urlencoded; charset=shift_jis',
    'application/x-www-form-urlencoded-not',
  ])('is no %s: 415', async (type) => {
    const answer = await post().set('content-type', type).send('box=1');
    expect(shown(answer)).toEqual([415, 'この形式では受け付けられません']);
    expect(taken).toEqual([]);
  });

  it('is not compressed, and may be empty', async () => {
    expect((await post().set('content-encoding', 'gzip').send('box=1')).status).toBe(415);
    expect((await at(forms).post(FORM).set('sec-fetch-site', 'same-origin')).status).toBe(422);
    expect(
      (await post().set('content-type', 'application/x-www-form-urlencoded; charset=UTF-8').send('box=1'))
        .status,
    ).toBe(303);
  });

  it('has at most 64 KiB, said in advance or not', async () => {
    const form = (size: number) => 'box='.padEnd(size, 'x');
    expect(shown(await post().send(form(65_537)))).toEqual([413, '入力内容が大きすぎます']);
    const chunked = post().set('transfer-encoding', 'chunked');
    for (let sent = 0; sent < 66; sent++) chunked.write('x'.repeat(1024));
    expect(shown(await chunked)).toEqual([413, '入力内容が大きすぎます']);
    expect(taken).toEqual([]);
    expect((await post().send(form(65_536))).status).toBe(303);
  });
});

describe('behind a proxy', () => {
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };

  it('the browser is what our proxy says, and what others say does not count', async () => {
    const [ours, others] = [
      await at(behindProxy).get(FORM).set(forwarded),
      await at(forms).get(FORM).set(forwarded),
    ];
    expect(ours.text).toContain('0312345678 203.0.113.9 true');
    expect(ours.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(others.text).toMatch(/0312345678 (::ffff:)?127\.0\.0\.1 false/);
    expect(others.headers['strict-transport-security']).toBeUndefined();
  });

  it.each(['/livez', '/readyz', '/metrics'])('nobody sees %s', async (path) => {
    expect(shown(await at(behindProxy).get(path))).toEqual([404, 'ページが見つかりません']);
    expect(shown(await at(behindProxy).get(path).set('x-forwarded-for', '127.0.0.1'))[0]).toBe(404);
    expect((await at(forms).get(path)).status).toBe(path === '/readyz' ? 503 : 200);
  });
});

describe('the log and the metrics', () => {
  it('O5 know the route, never the path, the query, the form or the address', async () => {
    await post({ 'sec-fetch-site': 'same-origin' }, `${FORM}?token=0451112222`).send('box=a@example.jp');
    await at(forms).get('/0451112222');
    await at(forms).get(FORM);
    const answered = log
      .map((line) => JSON.parse(line) as { msg: string })
      .filter(({ msg }) => msg === 'answered');
    expect(answered).toMatchObject([
      { level: 'info', method: 'POST', route: '/numbers/:number/form', status: 303 },
      { level: 'debug', method: 'GET', status: 404 },
      { level: 'debug', method: 'GET', route: '/numbers/:number/form', status: 200 },
    ]);
    const { text } = await at(forms).get('/metrics');
    expect(text).toMatch(
      /^notify_http_seconds_count\{route="\/numbers\/:number\/form",method="POST",status="303"\}/m,
    );
    expect(log.join() + text).not.toMatch(/0312345678|0451112222|example\.jp|127\.0\.0\.1/);
  });
});
