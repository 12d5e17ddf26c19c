import { load } from 'cheerio';
import { once } from 'node:events';
import { request } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import type { FaxDocument } from '#fax-documents';
import { FaxDocumentsError } from '#fax-documents';
import { RedisError, type ReceivedFax } from '#redis';
import { NUMBER, OTHER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { eventually } from '../../../../../test/support/eventually.ts';
import { askSite, type SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { FOREIGN, stage, UNKNOWN } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const AT = Date.parse('2026-11-21T09:05:07+09:00');
const PDF = '%PDF-1.4 a page';

const listOf = (number: string): string => `/numbers/${number}/fax-notice/received`;

const fax = (documentId: string, more: Partial<ReceivedFax> = {}): ReceivedFax => ({
  calledNumber: NUMBER,
  lineNumber: NUMBER,
  at: AT,
  sender: { number: '0698765432' },
  pages: 3,
  complete: true,
  documentId,
  ...more,
});

let browser: SiteBrowser;
/** What the store was asked for. */
let opened: string[];

/** Somebody who is logged in with the line number, the FAXes of each number, and the store's documents. */
async function given(
  received: readonly ReceivedFax[],
  documents?: Readonly<Record<string, () => FaxDocument>>,
): Promise<void> {
  ({ browser } = await stage(site, { unit: 'administrator-user', own: NUMBER, state: 'in' }));
  opened = [];
  site.faxes = {
    index: { ofNumber: async (number) => received.filter(({ calledNumber }) => calledNumber === number) },
    ...(documents && {
      documents: {
        open: async (id) => {
          opened.push(id);
          return documents[id]?.();
        },
      },
    }),
  };
}

const pdf = (bytes?: number) => (): FaxDocument => ({
  stream: Readable.from([Buffer.from(PDF)]),
  ...(bytes !== undefined && { bytes }),
});

async function page(path: string): Promise<ReturnType<typeof load>> {
  const { status, text } = await browser.get(path);
  expect(status).toBe(200);
  return load(text);
}

describe('F2 受信FAX内容確認', () => {
  it('lists FAXes by day, each with its time, sender, pages, and links that say which', async () => {
    await given(
      [
        fax('f-3', { at: AT + 86_400_000, sender: { withheld: 'P' }, pages: 1, complete: false }),
        fax('f-2', { sender: { number: '+14155550100' } }),
        fax('a.b_c-1', { at: AT - 60_000 }),
      ],
      {},
    );
    const $ = await page(listOf(NUMBER));
    expect($('h1').text()).toBe('受信FAX内容確認');
    expect($('.login-number').text()).toContain('設定中の電話番号');
    const texts = (selector: string): string[] =>
      $(selector)
        .toArray()
        .map((one) => $(one).text());
    expect(texts('main h2')).toEqual(['11月22日(日)', '11月21日(土)']);
    expect(texts('.events li p:not(.ways)')).toEqual([
      '9:05:07',
      '送信元：非通知（ユーザー拒否）',
      '1枚（途中で切断）',
      '9:05:07',
      '送信元：+1-415-555-0100（国際電話）',
      '3枚',
      '9:04:07',
      '送信元：06-9876-5432',
      '3枚',
    ]);
    expect(
      $('.events .ways a')
        .toArray()
        .map((one) => [$(one).text(), $(one).attr('aria-label'), $(one).attr('href')]),
    ).toEqual(
      [
        ['f-3', '11月22日(日) 9:05:07 非通知（ユーザー拒否）'],
        ['f-2', '11月21日(土) 9:05:07 +1-415-555-0100（国際電話）'],
        ['a.b_c-1', '11月21日(土) 9:04:07 06-9876-5432'],
      ].flatMap(([id, which]) => [
        ['開く', `開く ${which}`, `${listOf(NUMBER)}/${id}`],
        ['保存', `保存 ${which}`, `${listOf(NUMBER)}/${id}?save=1`],
      ]),
    );
  });

  it('says that none were received', async () => {
    await given([], {});
    expect((await page(listOf(NUMBER)))('main').text()).toContain('最近30日間に受信したFAXはありません。');
  });

  it('lists them without links, and says so, where no store is set up', async () => {
    await given([fax('f-1')]);
    const $ = await page(listOf(NUMBER));
    expect($('.events').text()).toContain('06-9876-5432');
    expect($('.events .ways')).toHaveLength(0);
    expect($('main').text()).toContain('FAXの内容の表示と保存はご利用いただけません');
    const { status, text } = await browser.get(`${listOf(NUMBER)}/f-1`);
    expect([status, load(text)('h1').text()]).toEqual([404, 'FAXの内容が見つかりません']);
  });

  it('shows many page by page, the last page to whoever asks for more', async () => {
    const many = Array.from({ length: 120 }, (_, index) => fax(`f-${index}`, { at: AT - index * 1000 }));
    await given(many, {});
    const shown = async (query: string): Promise<unknown> => {
      const $ = await page(`${listOf(NUMBER)}${query}`);
      const links = $('main > .ways a')
        .toArray()
        .map((one) => $(one).text() + $(one).attr('href'));
      const ids = $('.events .ways a[aria-label^="開く"]')
        .toArray()
        .map((one) => $(one).attr('href')?.split('/').at(-1));
      return [ids[0], ids.at(-1), ids.length, ...links];
    };
    const [before, next] = ['前の50件', '次の50件'];
    const at = listOf(NUMBER);
    const [first, last] = [
      ['f-0', 'f-49', 50, `${next}${at}?page=2`],
      ['f-100', 'f-119', 20, `${before}${at}?page=2`],
    ];
    expect(await shown('')).toEqual(first);
    expect(await shown('?page=2')).toEqual([
      'f-50',
      'f-99',
      50,
      `${before}${at}?page=1`,
      `${next}${at}?page=3`,
    ]);
    expect(await shown('?page=3')).toEqual(last);
    expect(await shown('?page=9999')).toEqual(last);
    for (const wrong of ['?page=0', '?page=-1', '?page=x', '?page=1e3', '?page='])
      expect(await shown(wrong)).toEqual(first);
    expect((await page(`${at}?page=2`))('main p').first().text()).toContain('120件のうち、51～100件目です。');
  });

  it('escapes what an event says', async () => {
    await given([fax('"><script>alert(1)</script>')], {});
    const $ = await page(listOf(NUMBER));
    expect($('main script')).toHaveLength(0);
    expect($('.events .ways a').first().attr('href')).toBe(
      `${listOf(NUMBER)}/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E`,
    );
  });

  it('is a 503 while the index is away', async () => {
    await given([]);
    site.faxes = { index: { ofNumber: () => Promise.reject(new RedisError('REDIS_UNAVAILABLE', 'away')) } };
    expect((await browser.get(listOf(NUMBER))).status).toBe(503);
    expect((await browser.get(`${listOf(NUMBER)}/f-1`)).status).toBe(503);
  });
});

describe('F2 the document of a FAX', () => {
  it.each([
    ['', 'inline'],
    ['?save=1', 'attachment'],
    ['?save=0', 'inline'],
  ])('is a PDF with the headers that keep it one%s', async (query, disposition) => {
    await given([fax('f-1')], { 'f-1': pdf(PDF.length) });
    const { status, text, headers } = await browser.get(`${listOf(NUMBER)}/f-1${query}`);
    expect([status, text]).toEqual([200, PDF]);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `${disposition}; filename="fax-20261121-090507.pdf"`,
      'content-length': String(PDF.length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  it('comes also from a store that does not say how long it is', async () => {
    await given([fax('f-1')], { 'f-1': pdf() });
    const { status, text, headers } = await browser.get(`${listOf(NUMBER)}/f-1`);
    expect([status, text, headers['content-length']]).toEqual([200, PDF, undefined]);
  });

  it('is not sent to HEAD, and is let go', async () => {
    const stream = new PassThrough();
    await given([fax('f-1')], { 'f-1': () => ({ stream, bytes: 10 }) });
    const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const answer = await askSite(site.url, {
      method: 'HEAD',
      path: `${listOf(NUMBER)}/f-1`,
      headers: { cookie },
    });
    expect(answer).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10' } });
    expect(stream.destroyed).toBe(true);
  });

  it('says what to do when the store does not have it', async () => {
    await given([fax('f-1')], {});
    const { status, text } = await browser.get(`${listOf(NUMBER)}/f-1`);
    const $ = load(text);
    expect([status, $('h1').text()]).toEqual([404, 'FAXの内容が見つかりません']);
    expect($('.way a').attr('href')).toBe(listOf(NUMBER));
  });

  it.each([
    ['FAX_STORE_UNAVAILABLE', 'warn'],
    ['FAX_STORE_REFUSES', 'error'],
  ] as const)('is a 503 when the store says %s, which the log tells as %s', async (code, level) => {
    await given([fax('f-1')], {
      'f-1': () => {
        throw new FaxDocumentsError(code, 'no');
      },
    });
    const { status, headers } = await browser.get(`${listOf(NUMBER)}/f-1`);
    expect([status, headers['retry-after']]).toEqual([503, '5']);
    expect(JSON.parse(site.log.findLast((line) => line.includes(code)) ?? '{}')).toMatchObject({ level });
  });

  it('breaks the connection when the store breaks off, so that nobody takes a part for the whole', async () => {
    const stream = new PassThrough();
    await given([fax('f-1')], { 'f-1': () => ({ stream }) });
    stream.write('%PDF');
    const answer = browser.get(`${listOf(NUMBER)}/f-1`);
    await eventually(() => stream.readableLength === 0 && opened.length === 1);
    stream.destroy(new Error('the store died'));
    await expect(answer).rejects.toThrow('aborted');
    expect(site.log.findLast((line) => line.includes('the store died'))).toContain('"warn"');
  });

  it('lets go of the store when the browser leaves', async () => {
    const stream = new PassThrough();
    stream.write('%PDF');
    await given([fax('f-1')], { 'f-1': () => ({ stream }) });
    const { hostname, port } = new URL(site.url);
    const cookie = Array.from(browser.cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const asked = request({ hostname, port, path: `${listOf(NUMBER)}/f-1`, headers: { cookie } }).end();
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    await once(answer, 'data');
    asked.on('error', () => undefined).destroy();
    expect(await eventually(() => stream.destroyed)).toBe(true);
  });

  it('is never that of another number, of another path, or of nobody: the store is not even asked', async () => {
    await given(
      [
        fax('mine'),
        fax('users', { calledNumber: USER }),
        fax('theirs', { calledNumber: FOREIGN }),
        fax('..'),
      ],
      { mine: pdf(), users: pdf(), theirs: pdf(), secret: pdf() },
    );
    const paths = [
      `${listOf(NUMBER)}/users`,
      `${listOf(NUMBER)}/theirs`,
      `${listOf(FOREIGN)}/theirs`,
      `${listOf(FOREIGN)}/mine`,
      `${listOf(UNKNOWN)}/mine`,
      `${listOf(NUMBER)}/secret`,
      `${listOf(NUMBER)}/MINE`,
      `${listOf(NUMBER)}/mine.pdf`,
      `${listOf(NUMBER)}/mine%00`,
      `${listOf(NUMBER)}/mine%20`,
      `${listOf(NUMBER)}/mine/`,
      `${listOf(NUMBER)}/%2e%2e%2fmine`,
      `${listOf(NUMBER)}/%252e%252e%252fmine`,
      `${listOf(NUMBER)}/..%5cmine`,
      `${listOf(NUMBER)}/../received/mine`,
      `${listOf(NUMBER)}//mine`,
      `${listOf(NUMBER)}/${'x'.repeat(5000)}`,
      `${listOf(NUMBER)}/%ff`,
    ];
    for (const path of paths) expect([path, (await browser.get(path)).status]).toEqual([path, 404]);
    expect(opened).toEqual([]);
    expect((await browser.get(`${listOf(USER)}/users`)).status).toBe(200);
    const user = (await stage(site, { unit: 'administrator-user', own: USER, state: 'in' })).browser;
    expect((await user.get(`${listOf(USER)}/users`)).status).toBe(200);
    expect((await user.get(`${listOf(NUMBER)}/mine`)).status).toBe(404);
    expect((await user.get(`${listOf(OTHER)}/mine`)).status).toBe(404);
    expect(opened).toEqual(['users', 'users']);
  });

  it('is there only while the FAX notice is contracted (A13)', async () => {
    await given([fax('f-1')], { 'f-1': pdf() });
    const [line] = site.scene.lines;
    if (!line) throw new Error('expected a line');
    site.scene.lines = [{ ...line, services: { [NUMBER]: ['call-notice'] } } as typeof line];
    expect((await browser.get(listOf(NUMBER))).status).toBe(404);
    expect((await browser.get(`${listOf(NUMBER)}/f-1`)).status).toBe(404);
    expect(opened).toEqual([]);
  });
});
