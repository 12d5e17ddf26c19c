import { load, type CheerioAPI } from 'cheerio';
import { parse } from 'csv-parse/sync';
import { EMPTY_CALL_NOTICE, type CallNotice } from '#rules';
import {
  LINE,
  NUMBER,
  openBrowser,
  PASSWORD,
  stored,
  USER,
} from '../../../../../libs/access/testing/access-scene.ts';
import { cp932 } from '../../../../../libs/csv/testing/cp932.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage, type Somebody } from '../../../../../test/support/site-somebody.ts';
import { checkPage } from '../../../../../test/support/page-checks.ts';
import { uploadForm } from '../../../../../test/support/upload-form.ts';

const site = await startSiteInMemory();
const CALLS = '/services/call-notice/csv';
const TRANSFER = '/line/bulk-transfer/csv';
const ONE_TIME = '/one-time-password/csv';

let browser: SiteBrowser;
const enter = async (somebody: Partial<Somebody> = {}): Promise<void> => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in', ...somebody }));
};
beforeEach(() => enter());

const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);
const rowsOf = ({ text }: SiteAnswer): string[][] => parse(text, { bom: true });
const csv = (...rows: string[][]): string => rows.map((row) => row.join(',')).join('\r\n');
const send = (path: string, file?: string | Buffer, name?: string): Promise<SiteAnswer> => {
  const { body, headers } = uploadForm(file, name);
  return browser.post(path, body, headers);
};
const errorsOf = (answer: SiteAnswer): string[] => {
  const $ = $of(answer);
  return $('main section:not(.error-summary) li[id]')
    .toArray()
    .map((one) => $(one).text());
};
const differences = (answer: SiteAnswer): string[] => {
  const $ = $of(answer);
  return $('.facts dt, .facts li')
    .toArray()
    .map((one) => $(one).text());
};
const set = (path: string, preview: SiteAnswer): Promise<SiteAnswer> =>
  browser.post(`${path}/set`, { upload: String($of(preview)('[name=upload]').val()) });
const notice = async (number = NUMBER): Promise<CallNotice | undefined> =>
  (await site.settings.getSection(number, 'callNotice'))?.value;

describe('C14 a CSV of call notices', () => {
  /** The rows of the download with another text in a row's column. */
  const changed = async (row: number, ...texts: [column: string, text: string][]): Promise<string[][]> => {
    const rows = rowsOf(await browser.get(`${CALLS}/file`));
    for (const [column, text] of texts) rows[row]![rows[0]!.indexOf(column)] = text;
    return rows;
  };

  it('is downloaded with every number, quoted, with CR and LF and a byte order mark', async () => {
    const answer = await browser.get(`${CALLS}/file`);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="call-notice.csv"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.text).toMatch(
      /^\uFEFF"電話番号","開始","対象のみ","未応答のみ","アドレス1","送信1",.*"指定30"\r\n"0312345678","0",/,
    );
    expect(rowsOf(answer).map(([number]) => number)).toEqual(['電話番号', ...LINE.numbers]);
    expect(rowsOf(answer)[0]).toHaveLength(74);
  });

  it('is previewed, and changes nothing before it is set', async () => {
    const preview = await send(
      CALLS,
      csv(...(await changed(2, ['開始', '1'], ['アドレス1', 'a@example.jp'], ['送信1', '1']))),
    );
    expect(preview.status).toBe(200);
    expect(differences(preview)).toEqual([
      '03-1234-5679（3行目）',
      '開始：停止 → 開始',
      'アドレス1：なし → a@example.jp',
      '送信1：なし → する',
    ]);
    expect(await notice(USER)).toEqual(EMPTY_CALL_NOTICE);
    const done = await set(CALLS, preview);
    expect([done.status, done.headers.location]).toEqual([303, `${CALLS}?set=1`]);
    expect(await notice(USER)).toMatchObject({
      enabled: true,
      recipients: [{ address: 'a@example.jp', enabled: true }],
    });
    expect($of(await browser.get(String(done.headers.location)))('[role=status]').text()).toBe(
      'CSVファイルの内容を設定しました。1件の電話番号の設定が変わりました。',
    );
    // What was set once is gone.
    expect((await set(CALLS, preview)).status).toBe(409);
  });

  it('has every error by line and column, in words, and changes nothing', async () => {
    const rows = await changed(1, ['開始', '9'], ['アドレス1', 'a@example'], ['送信1', '1']);
    rows[2]![0] = '0399999999';
    const answer = await send(CALLS, csv(...rows));
    expect(answer.status).toBe(422);
    const $ = $of(answer);
    expect($('title').text()).toMatch(/^エラー: 着信お知らせメールの一括設定/);
    const errors = errorsOf(answer);
    expect(errors).toEqual([
      '2行目「開始」：1または0を入力してください。',
      '2行目「アドレス1」：@の後に . が含まれていません。example.jp のように入力してください。',
      '3行目「電話番号」：設定できる電話番号ではありません。電話番号をご確認ください。',
    ]);
    const alert = $('[role=alert] a').toArray();
    expect(alert.map((link) => $(link).text())).toEqual([expect.stringContaining('3か所の誤り'), ...errors]);
    for (const link of alert) expect($($(link).attr('href') ?? '').length).toBe(1);
    expect($('#file').attr('aria-describedby')).toContain('file-error');
    expect($('[name=upload]').length).toBe(0);
  });

  it.each([
    ['no file', undefined, 'CSVファイルを選んでください。'],
    ['no text', Buffer.from([0x50, 0x4b, 0xff, 0xfe]), '文字コードがUTF-8またはシフトJISの'],
    ['another header', 'a,b\n1,2', '1行目：1行目に項目名がありません。'],
    ['no rows', csv(['電話番号']), '「開始」：この項目がありません。'],
  ])('is refused when it is %s', async (_, file, words) => {
    const answer = await send(CALLS, file);
    expect([answer.status, $of(answer)('[role=alert]').text()]).toEqual([
      422,
      expect.stringContaining(words),
    ]);
  });

  it('is read as CP932 and whatever its name is, which is shown nowhere', async () => {
    const text = csv(...(await changed(1, ['対象のみ', '1'])));
    const answer = await send(CALLS, cp932(text), '../../<b>髙\u202E.exe');
    expect([answer.status, differences(answer)]).toEqual([
      200,
      [expect.any(String), '対象のみ：しない → する'],
    ]);
    expect(answer.text).not.toContain('.exe');
  });

  it('that changes nothing says so, and asks for nothing', async () => {
    const $ = $of(await send(CALLS, (await browser.get(`${CALLS}/file`)).text));
    expect($('[role=status]').text()).toContain('変わるところはありません');
    expect($('[name=upload]').length).toBe(0);
  });

  it('is not set when something changed in between: the preview is shown anew, and can be set', async () => {
    const preview = await send(CALLS, csv(...(await changed(1, ['対象のみ', '1']))));
    await site.settings.putSection(NUMBER, 'callNotice', { ...EMPTY_CALL_NOTICE, unansweredOnly: true });
    const anew = await set(CALLS, preview);
    expect(anew.status).toBe(409);
    expect($of(anew)('[role=alert]').text()).toContain('一括設定は行われていません');
    expect(differences(anew).slice(1)).toEqual(['対象のみ：しない → する', '未応答のみ：する → しない']);
    expect((await notice())?.targetCallersOnly).toBe(false);
    expect((await set(CALLS, anew)).status).toBe(303);
    expect(await notice()).toMatchObject({ targetCallersOnly: true, unansweredOnly: false });
  });

  it('is set by the newest preview alone', async () => {
    const first = await send(CALLS, csv(...(await changed(1, ['対象のみ', '1']))));
    await send(CALLS, csv(...(await changed(1, ['未応答のみ', '1']))));
    const late = await set(CALLS, first);
    expect([late.status, $of(late)('[role=alert]').text()]).toEqual([
      409,
      expect.stringContaining('30分の有効期限'),
    ]);
    expect(await notice()).toEqual(EMPTY_CALL_NOTICE);
  });

  it('is set by the login that uploaded it alone', async () => {
    const preview = await send(CALLS, csv(...(await changed(1, ['対象のみ', '1']))));
    const other = openBrowser(site.scene);
    await other.logIn(NUMBER, PASSWORD);
    browser.cookies.set('__Host-login', other.login ?? '');
    expect((await set(CALLS, preview)).status).toBe(409);
    expect(await notice()).toEqual(EMPTY_CALL_NOTICE);
  });

  it('has to wait when a line floods the site with files, to be previewed and to be set', async () => {
    const text = csv(...(await changed(1, ['対象のみ', '1'])));
    const preview = await send(CALLS, text);
    site.uploadWait = 61;
    const answers = [await send(CALLS, text), await set(CALLS, preview)];
    site.uploadWait = 0;
    for (const answer of answers) {
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '61']);
      expect($of(answer)('[role=alert]').text()).toContain('あと2分待ってから');
    }
    expect(await notice()).toEqual(EMPTY_CALL_NOTICE);
    expect((await set(CALLS, preview)).status).toBe(303);
  });

  it('A1 A13 has the numbers alone that the login may set and that have the service', async () => {
    const [, , other = ''] = LINE.numbers;
    site.scene.lines = [{ ...LINE, services: { [USER]: [] } }];
    expect(rowsOf(await browser.get(`${CALLS}/file`)).map(([number]) => number)).toEqual([
      '電話番号',
      NUMBER,
      other,
    ]);
    expect(errorsOf(await send(CALLS, csv(...(await changed(1, ['電話番号', USER])))))).toHaveLength(1);
    site.scene.lines = [
      { ...LINE, services: Object.fromEntries(LINE.numbers.map((number) => [number, []])) },
    ];
    for (const path of [CALLS, `${CALLS}/file`]) expect((await browser.get(path)).status).toBe(404);
    expect((await send(CALLS, 'x')).status).toBe(404);
  });

  it('is 413 when it is too large, and 400 when it is cut off', async () => {
    expect((await send(CALLS, Buffer.alloc(3 * 1024 * 1024 + 1, 'a'))).status).toBe(413);
    const { body, headers } = uploadForm('x'.repeat(100));
    expect((await browser.post(CALLS, body.subarray(0, -60), headers)).status).toBe(400);
    expect((await browser.post(CALLS, body, { 'content-type': 'multipart/form-data' })).status).toBe(415);
    expect((await browser.post(CALLS, { file: 'x' })).status).toBe(415);
    expect((await browser.post('/password', body, headers)).status).toBe(415);
  });

  it.each([
    ['two files', (part: string) => part + part],
    ['many fields', (part: string) => part.replaceAll(/; filename="[^"]*"/g, '').repeat(5)],
  ])('is refused with %s', async (_, parts) => {
    const { body, headers } = uploadForm('x');
    const text = body.toString();
    const end = text.lastIndexOf('------denwa');
    expect((await browser.post(CALLS, parts(text.slice(0, end)) + text.slice(end), headers)).status).toBe(
      400,
    );
  });
});

describe('V2 a CSV of destinations', () => {
  const rows = (destination: string): string =>
    csv(['電話番号', '転送先電話番号'], [USER.slice(1), destination]);

  it('is downloaded, previewed and set', async () => {
    await enter();
    await site.settings.putBulkTransfer(NUMBER, { enabled: false, destinations: { [NUMBER]: '0698765432' } });
    expect(rowsOf(await browser.get(`${TRANSFER}/file`))).toEqual([
      ['電話番号', '転送先電話番号'],
      [NUMBER, '0698765432'],
      [USER, ''],
      [LINE.numbers[2], ''],
    ]);
    const preview = await send(TRANSFER, rows('９０1234-5678'));
    expect(errorsOf(preview)).toEqual([expect.stringMatching(/^2行目「転送先電話番号」：電話番号は、0から/)]);
    const right = await send(TRANSFER, rows('9012345678'));
    expect(differences(right)).toEqual(['03-1234-5679（2行目）', '転送先電話番号：なし → 090-1234-5678']);
    expect((await set(TRANSFER, right)).status).toBe(303);
    expect((await site.settings.getBulkTransfer(NUMBER))?.value.destinations).toEqual({
      [NUMBER]: '0698765432',
      [USER]: '09012345678',
    });
  });

  it('A1 is there for who may set the line alone', async () => {
    await enter({ unit: 'administrator-user', own: USER });
    for (const path of [TRANSFER, `${TRANSFER}/file`]) expect((await browser.get(path)).status).toBe(404);
    expect((await send(TRANSFER, rows('0698765432'))).status).toBe(404);
    expect((await browser.post(`${TRANSFER}/set`)).status).toBe(404);
  });
});

describe('A11 a CSV of one-time passwords', () => {
  const HEADER = [
    '電話番号',
    'ワンタイムパスワード利用設定',
    'ワンタイムパスワード受信用メールアドレス',
    '確認用ID',
    '確認用パスワード',
  ];

  it('is previewed and set, and its passwords are shown nowhere', async () => {
    const preview = await send(ONE_TIME, csv(HEADER, [USER, '1', 'u@example.jp', 'Kakunin77', 'sumire31w']));
    expect(differences(preview)).toEqual([
      '03-1234-5679（2行目）',
      'ワンタイムパスワード利用設定：利用しない → 利用する',
      'ワンタイムパスワード受信用メールアドレス：なし → u@example.jp',
      '確認用ID：Kakunin01 → Kakunin77',
      '確認用パスワード：変更します',
    ]);
    expect(preview.text).not.toContain('sumire31w');
    expect((await set(ONE_TIME, preview)).status).toBe(303);
    expect((await stored(site.scene, USER)).oneTime).toMatchObject({ use: true, address: 'u@example.jp' });
    const again = await send(ONE_TIME, csv(HEADER, [USER, '1', 'u@example.jp', 'Kakunin88', 'sumire31w']));
    expect(errorsOf(await set(ONE_TIME, again))).toEqual([
      '2行目「確認用パスワード」：現在の確認用パスワードと同じです。別のものを入力してください。',
    ]);
  });

  it('has the words of A9 for a wrong confirmation', async () => {
    const answer = await send(ONE_TIME, csv(HEADER, [USER, '1', 'u@example.jp', 'short', 'aaaa1111']));
    expect(errorsOf(answer)).toEqual([
      '2行目「確認用ID」：確認用IDは8桁から12桁で入力してください。',
      '2行目「確認用パスワード」：確認用パスワードに、0000や1234、abcdのような4文字以上の並びが含まれています。別のものを入力してください。',
    ]);
  });
});

it.each([CALLS, TRANSFER, ONE_TIME])('C14 A11 V2 the pages of %s suit everybody', async (path) => {
  const header = rowsOf(await browser.get(`${path}/file`))[0] ?? [];
  const row = header.map((column) => ({ 電話番号: USER, 転送先電話番号: '0698765432' })[column] ?? '0');
  const pages = [
    await browser.get(path),
    await send(path, 'x'),
    await send(path),
    await send(path, csv(header, row)),
  ];
  for (const { text } of pages) checkPage(text, { assetBytes: 0 });
});

it.each([
  [CALLS, '/services/call-notice', '着信お知らせメールへ戻る'],
  [TRANSFER, '/line/bulk-transfer', '一括転送機能へ戻る'],
  [ONE_TIME, '/menu', 'ひかり電話設定サイトトップへ戻る'],
])('C14 V2 A11 %s says after a set how many numbers it set, and leads on', async (path, href, words) => {
  const $ = $of(await browser.get(`${path}?set=12`));
  expect($('[role=status]').text()).toContain('12件の電話番号の設定が変わりました。');
  expect($(`main .way a[href="${href}"]`).text()).toBe(words);
});

it.each(['', '0', '-1', '1e3', '123456', '1件'])(
  'C14 no count %j of an address gets into the page',
  async (count) => {
    const $ = $of(await browser.get(`${CALLS}?set=${encodeURIComponent(count)}`));
    expect($('main [role=status]').length).toBe(0);
  },
);
