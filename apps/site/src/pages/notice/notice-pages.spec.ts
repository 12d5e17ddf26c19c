import { load, type CheerioAPI } from 'cheerio';
import { NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { formFields, sendForm } from '../../../../../test/support/form-fields.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const LEGACY = 'taro..yamada@docomo.ne.jp';
const LEGACY_WARNING = 'メールアドレスの規格に合わない形のため';
const NOTICES = [
  ['call', `/numbers/${USER}/call-notice`, USER],
  ['FAX', `/numbers/${USER}/fax-notice`, USER],
  ['fault', '/line/fault-notice', NUMBER],
] as const;

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
  Object.assign(site.testMails, {
    verdict: { ok: true, giveBack: async () => undefined },
    isKafkaAway: false,
  });
  site.testMails.sent.length = 0;
});

const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);
const send = (path: string, fields: Record<string, string>): Promise<SiteAnswer> =>
  sendForm(browser, path, fields);
const labels = ($: CheerioAPI): string[] =>
  $('main form label')
    .toArray()
    .map((label) => $(label).text());
const links = ($: CheerioAPI): string[] =>
  $('main .links a')
    .toArray()
    .map((link) => $(link).text());

describe.each(NOTICES)('V1 the %s notice', (_, path, number) => {
  const recipients = `${path}/recipients`;
  const service = `${path}/service`;

  it('C2 C12 has a field, a box and a test for each recipient that the brand allows', async () => {
    const $ = $of(await browser.get(recipients));
    expect($('h1').text()).toBe('送信先メールアドレス設定');
    expect(labels($)).toEqual([1, 2, 3, 4, 5].flatMap((row) => [`送信先メールアドレス${row}`, `送信${row}`]));
    const buttons = $('main form button:not([aria-hidden])').toArray();
    expect(buttons.map((button) => $(button).text())).toEqual([
      ...[1, 2, 3, 4, 5].map((row) => `送信テスト${row}`),
      '設定',
    ]);
    expect($('.login-number strong').text()).toBe(number === NUMBER ? '03-1234-5678' : '03-1234-5679');
  });

  it('saves on Enter: the first button of the form is no test', async () => {
    const $ = $of(await browser.get(recipients));
    const first = $('main form button').first();
    expect([first.attr('name'), first.attr('aria-hidden'), first.attr('tabindex')]).toEqual([
      undefined,
      'true',
      '-1',
    ]);
  });

  it('C2 saves the recipients, without empty rows, as they were meant', async () => {
    await send(recipients, {
      address2: ' ａ@example.jp ',
      send2: 'on',
      send3: 'on',
      address5: 'b@example.jp',
    });
    const $ = $of(await browser.get(`${recipients}?saved`));
    expect([$('#address1').val(), $('#address2').val(), $('#address3').val()]).toEqual([
      'a@example.jp',
      'b@example.jp',
      '',
    ]);
    expect([$('#send1').attr('checked'), $('#send2').attr('checked')]).toEqual(['checked', undefined]);
    expect($('[role=status]').text()).toContain('a@example.jp（送信する）');
  });

  it('C3 is started only with a recipient, and leads to where it is set', async () => {
    const refused = await send(service, { enabled: 'on' });
    const $ = $of(refused);
    expect(refused.status).toBe(422);
    expect($('[role=alert] a').text()).toContain('送信先メールアドレスが1件以上必要です');
    expect($(`main a[href="${recipients}"]`).text()).toBe('送信先メールアドレス設定');
    await send(recipients, { address1: 'a@example.jp', send1: 'on' });
    expect((await send(service, { enabled: 'on' })).status).toBe(303);
    const started = $of(await browser.get(`${service}?saved`));
    expect(started('[role=status] dd').text()).toBe('開始');
    expect(started('input[name=enabled]:checked').val()).toBe('on');
    expect(started(`main a[href="${recipients}"]`).length).toBe(0);
    expect($of(await browser.get(path))('dl').text()).toContain('サービス開始');
  });

  it('C3 says that a recipient gets nothing until it is started, and leads there', async () => {
    const hint = async (): Promise<string> =>
      $of(await browser.get(recipients))('main .help')
        .text()
        .replace(/\s+/g, '');
    expect(await hint()).toBe('');
    await send(recipients, { address1: 'a@example.jp', send1: 'on' });
    expect(await hint()).toMatch(/^現在、サービスは停止しています。.*サービス開始／停止$/);
    await send(service, { enabled: 'on' });
    expect(await hint()).toBe('');
  });

  it('C2 warns that nobody gets it while it is started and no recipient is ticked', async () => {
    const pages = [path, service, recipients];
    const warned = async (): Promise<string[]> => {
      const answers = await Promise.all(pages.map((page) => browser.get(page)));
      return pages.filter((_, index) => $of(answers[index]!)('main .warning').text().includes('どこにも'));
    };
    await send(recipients, { address1: 'a@example.jp' });
    expect(await warned()).toEqual([]);
    await send(service, { enabled: 'on' });
    expect(await warned()).toEqual(pages);
    expect($of(await browser.get(path))('main .warning a').attr('href')).toBe(recipients);
    await send(recipients, { send1: 'on' });
    expect(await warned()).toEqual([]);
  });

  it('C3 keeps its last recipient while it is started', async () => {
    await send(recipients, { address1: 'a@example.jp' });
    await send(service, { enabled: 'on' });
    const refused = await send(recipients, { address1: '' });
    const $ = $of(refused);
    expect(refused.status).toBe(422);
    expect([$('[role=alert] a').attr('href'), $('[role=alert] a').text()]).toEqual([
      '#address1',
      expect.stringContaining('サービスを停止してください'),
    ]);
    expect((await send(service, { enabled: 'off' })).status).toBe(303);
    expect((await send(recipients, { address1: '' })).status).toBe(303);
  });

  it('is neither started nor stopped by a form that says neither', async () => {
    expect((await send(service, { enabled: '' })).status).toBe(422);
  });

  it('C12 sends a test to the address of a row as it is typed, saves nothing and keeps what was typed', async () => {
    const { status, text } = await send(recipients, { test: '2', address1: 'x', address2: 'new@example.jp' });
    const $ = load(text);
    expect([status, site.testMails.sent]).toEqual([200, ['new@example.jp']]);
    expect($('[role=status]').text()).toContain('new@example.jpへテストメールを送信しました。');
    expect([$('#address1').val(), $('#address2').val()]).toEqual(['x', 'new@example.jp']);
    expect($of(await browser.get(recipients))('#address2').val()).toBe('');
  });

  it('C12 leaves a test upon an older version old', async () => {
    const form = formFields((await browser.get(recipients)).text);
    await send(recipients, { address1: 'theirs@example.jp' });
    const { text } = await browser.post(recipients, { ...form, address1: 'mine@example.jp', test: '1' });
    expect((await browser.post(recipients, formFields(text))).status).toBe(409);
  });

  it.each([
    ['1', '', 'メールアドレスを入力してください。'],
    ['1', 'a.example.jp', '@が含まれていません'],
    ['99', '', 'メールアドレスを入力してください。'],
  ])('C12 C13 sends no test of row %s: "%s"', async (test, address1, sentence) => {
    const { status, text } = await send(recipients, { test, address1 });
    expect([status, site.testMails.sent]).toEqual([422, []]);
    expect(load(text)('[role=alert]').text()).toContain(sentence);
  });

  it.each([
    ['address', 'このメールアドレスへの送信テストが続いたため'],
    ['number', 'この電話番号からの送信テストが続いたため'],
  ] as const)('C12 sends no test past the limit of the %s, and says when again', async (limit, sentence) => {
    site.testMails.verdict = { ok: false, limit, retryAfterSeconds: 130 };
    const { status, headers, text } = await send(recipients, { test: '1', address1: 'a@example.jp' });
    const $ = load(text);
    expect([status, headers['retry-after'], site.testMails.sent]).toEqual([429, '130', []]);
    expect($('[role=alert]').text()).toContain(sentence);
    expect($('[role=alert]').text()).toContain('あと3分待ってから');
    expect($('#address1').val()).toBe('a@example.jp');
  });

  it('C12 is 503 while no test can be sent', async () => {
    site.testMails.isKafkaAway = true;
    const { status, headers } = await send(recipients, { test: '1', address1: 'a@example.jp' });
    expect([status, headers['retry-after']]).toEqual([503, '5']);
  });
});

it.each(NOTICES)(
  'C13 the %s notice keeps an address of earlier years, tries it, and warns of it',
  async (_, path) => {
    const recipients = [{ address: LEGACY, enabled: true }];
    const { callNotice, faxNotice } = (await site.settings.getNumber(USER))!;
    await site.settings.putSection(USER, 'callNotice', { ...callNotice, recipients });
    await site.settings.putSection(USER, 'faxNotice', { ...faxNotice, recipients });
    const { value } = (await site.settings.getFaultNotice(NUMBER))!;
    await site.settings.putFaultNotice(NUMBER, { ...value, recipients });
    const at = `${path}/recipients`;
    const shown = $of(await browser.get(at));
    expect(shown('#address1-support').text()).toContain(LEGACY_WARNING);
    expect(shown('#address2-support').length).toBe(0);
    expect((await send(at, { test: '1' })).status).toBe(200);
    expect(site.testMails.sent).toEqual([LEGACY]);
    expect((await send(at, { address2: 'b@example.jp' })).status).toBe(303);
    expect((await send(at, { address2: LEGACY.replace('taro', 'jiro') })).status).toBe(422);
  },
);

it('V1 the notices lead to their pages, in the order of the guides', async () => {
  const [call, fax, fault] = await Promise.all(NOTICES.map(([, path]) => browser.get(path)));
  expect(links($of(call!))).toEqual([
    '送信先メールアドレス設定',
    'サービス開始／停止',
    'メール送信条件設定',
    'お知らせ対象電話番号設定',
    'この設定を試す',
  ]);
  expect(links($of(fax!))).toEqual(['サービス開始／停止', '送信先メールアドレス設定', '受信FAX内容確認']);
  expect(links($of(fault!))).toEqual([
    'サービス開始／停止',
    '送信メール内容設定',
    '送信先メールアドレス設定',
    '一括転送自動開始設定',
    '一括転送自動停止設定',
  ]);
});
