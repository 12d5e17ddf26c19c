import type { Page } from 'playwright-core';
import { createTopics } from '../support/kafka.ts';
import { uniqueName } from '../support/unique-name.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, follow, logIn, press } from './journey.ts';
import { openSite, type GivenLine } from './site-scene.ts';
import { visit } from './visit.ts';

const KAFKA_TOPIC_PREFIX = `${uniqueName('notices')}.`;
await createTopics([`${KAFKA_TOPIC_PREFIX}access-mails`], 1);
const site = await openSite({ KAFKA_TOPIC_PREFIX });

const TOP = 'ひかり電話設定サイトトップ';
const RECIPIENTS = '送信先メールアドレス設定';
const START = 'サービス開始／停止';
const TARGETS = 'お知らせ対象電話番号設定';
const LEGACY = 'taro..yamada@docomo.ne.jp';
const all = (role: string, ...names: readonly string[]): string[] => names.map((name) => `${role} "${name}"`);
const shown = (number: string): string => number.replace(/^(..)(....)/, '$1-$2-');
const row = (index: number): string[] => [
  `textbox "送信先メールアドレス${index}"`,
  `checkbox "送信${index}"`,
  `button "送信テスト${index}"`,
];

/** Logs in on a line like that. */
async function enter(
  given: GivenLine = {},
): Promise<{ page: Page; numbers: readonly [string, ...string[]] }> {
  const numbers = await site.line(given);
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, numbers[0]);
  return { page, numbers };
}

describe('V1 the call notice', () => {
  it('is set from the menu on, page by page, and suits everybody', async () => {
    const { page, numbers } = await enter({ numbers: 2 });
    const own = shown(numbers[1] ?? '');
    await follow(page, 'サービス選択');
    await follow(page, '着信お知らせメール');
    await expectPage(page, '電話番号選択');
    await expectSuitsEverybody(page, all('link', '一括設定', ...numbers.map(shown)));
    await follow(page, own);
    await expectPage(page, '着信お知らせメール', '設定中の電話番号', own, '設定されていません');
    await expectSuitsEverybody(
      page,
      all('link', RECIPIENTS, START, 'メール送信条件設定', TARGETS, 'この設定を試す'),
    );
    await follow(page, START);
    await expectPage(page, START, own, 'サービスを開始するには、送信先メールアドレスの設定が必要です。');
    await press(page, '設定', { 開始: true });
    await expectRefused(page, START, '送信先メールアドレスが1件以上必要です');
    await expectSuitsEverybody(page, [...all('link', RECIPIENTS), 'radio "開始"', 'button "設定"']);
    await page.getByRole('main').getByRole('link', { name: RECIPIENTS }).click();
    await press(page, '設定', { 送信先メールアドレス1: 'hanako@example.jp', 送信1: true });
    await expectPage(page, RECIPIENTS, own, '設定しました。', 'hanako@example.jp（送信する）');
    await expectSuitsEverybody(page, [...row(1), ...row(2), ...row(5), 'button "設定"']);
    await follow(page, '着信お知らせメール');
    await follow(page, START);
    await press(page, '設定', { 開始: true });
    await expectPage(page, START, '設定しました。');
    expect(await page.getByRole('status').innerText()).toContain('開始');
    await expectSuitsEverybody(page, ['radio "開始"', 'button "設定"']);
  });

  it('C12 tests an address that is not saved yet, as often as the limit allows', async () => {
    const { page, numbers } = await enter();
    await page.goto(`/numbers/${numbers[0]}/call-notice/recipients`);
    const address = `${uniqueName('hanako')}@example.jp`;
    await press(page, '送信テスト2', { 送信先メールアドレス2: address });
    await expectPage(page, RECIPIENTS, `${address}へテストメールを送信しました。`);
    await expectSuitsEverybody(page, [...row(1), ...row(2), 'button "設定"']);
    for (let sent = 1; sent <= 5; sent += 1) await press(page, '送信テスト2');
    await expectRefused(page, RECIPIENTS, 'このメールアドレスへの送信テストが続いたため', '待ってから');
    expect(await page.getByLabel('送信先メールアドレス2', { exact: true }).inputValue()).toBe(address);
    await expectSuitsEverybody(page, [...row(1), ...row(2), 'button "設定"']);
  });

  it('is saved, not tested, by Enter in a field', async () => {
    const { page, numbers } = await enter();
    await page.goto(`/numbers/${numbers[0]}/call-notice/recipients`);
    await page.getByLabel('送信先メールアドレス1', { exact: true }).fill('hanako@example.jp');
    await Promise.all([page.waitForURL('**/recipients?saved'), page.keyboard.press('Enter')]);
    await expectPage(page, RECIPIENTS, '設定しました。');
  });

  it('C13 says what is wrong with an address, and warns of one of earlier years', async () => {
    const { page, numbers } = await enter();
    const [number] = numbers;
    const { callNotice } = (await site.settings.getNumber(number))!;
    const recipients = [{ address: LEGACY, enabled: true }];
    await site.settings.putSection(number, 'callNotice', { ...callNotice, recipients });
    await page.goto(`/numbers/${number}/call-notice/recipients`);
    await expectPage(page, RECIPIENTS, 'お知らせが届かないことがあります');
    await press(page, '設定', { 送信先メールアドレス3: 'taro.example.jp', 送信先メールアドレス5: LEGACY });
    await expectRefused(page, RECIPIENTS, '@が含まれていません', '同じものがすでに入力されています');
    await expectSuitsEverybody(page, [...row(1), ...row(3), ...row(5), 'button "設定"']);
  });

  it('C4 C5 has conditions and thirty target callers, and suits everybody', async () => {
    const { page, numbers } = await enter();
    await page.goto(`/numbers/${numbers[0]}/call-notice/conditions`);
    const conditions = [
      'お知らせ対象電話番号からの着信のみお知らせする',
      '応答できなかった着信のみお知らせする',
    ] as const;
    await expectSuitsEverybody(page, [...all('checkbox', ...conditions), 'button "設定"']);
    await press(page, '設定', { [conditions[0]]: true });
    await expectPage(page, 'メール送信条件設定', '設定しました。', 'オン');
    await page.goto(`/numbers/${numbers[0]}/call-notice/target-callers`);
    await press(page, '設定', {
      発信者電話番号1: '０４５－１１１－２２２２',
      指定1: true,
      発信者電話番号30: '12',
    });
    await expectRefused(page, TARGETS, '電話番号は、0から始まる番号');
    expect(await page.getByLabel('発信者電話番号30', { exact: true }).inputValue()).toBe('12');
    await expectSuitsEverybody(page, [
      ...all('textbox', '発信者電話番号1', '発信者電話番号2'),
      'textbox "発信者電話番号30"',
      'checkbox "指定30"',
      'button "設定"',
    ]);
    await press(page, '設定', { 発信者電話番号30: '+1 415 555 0100' });
    await expectPage(
      page,
      TARGETS,
      '設定しました。',
      '045-111-2222（指定する）',
      '+1-415-555-0100（指定しない）',
    );
  });

  it('in two tabs loses nothing: the older page shows both values', async () => {
    const [number] = await site.line();
    const { page, newTab } = await visit(site.url, { width: 375 });
    await logIn(page, number);
    await page.goto(`/numbers/${number}/call-notice/recipients`);
    const other = await newTab();
    await other.goto(`/numbers/${number}/call-notice/recipients`);
    await press(other, '設定', { 送信先メールアドレス1: 'new@example.jp', 送信1: true });
    await press(page, '設定', { 送信先メールアドレス1: 'old@example.jp' });
    await expectRefused(page, RECIPIENTS, 'ほかの画面で設定が変更されました');
    await expectPage(page, RECIPIENTS, '現在の設定', 'new@example.jp（送信する）');
    expect(await page.getByLabel('送信先メールアドレス1', { exact: true }).inputValue()).toBe(
      'old@example.jp',
    );
    await expectSuitsEverybody(page, [...row(1), 'button "設定"']);
    await press(page, '設定');
    await expectPage(page, RECIPIENTS, '設定しました。', 'old@example.jp（送信しない）');
  });
});

describe('V1 the notices of FAXes and faults suit everybody:', () => {
  it('F1 the FAX notice', async () => {
    const { page, numbers } = await enter();
    await follow(page, 'FAXお知らせメール');
    await expectPage(page, 'FAXお知らせメール', shown(numbers[0]));
    await expectSuitsEverybody(page, all('link', START, RECIPIENTS, '受信FAX内容確認'));
    await follow(page, RECIPIENTS);
    await press(page, '設定', { 送信先メールアドレス1: 'fax@example.jp', 送信1: true });
    await follow(page, 'FAXお知らせメール');
    await follow(page, START);
    await press(page, '設定', { 開始: true });
    await expectPage(page, START, '設定しました。');
  });

  it('R1 R3 the fault notice of the line', async () => {
    const { page, numbers } = await enter({ numbers: 2 });
    await follow(page, '故障・回復通知機能');
    await expectPage(page, '故障・回復通知機能', shown(numbers[0]));
    const pages = ['送信メール内容設定', RECIPIENTS, '一括転送自動開始設定', '一括転送自動停止設定'] as const;
    await expectSuitsEverybody(page, all('link', START, ...pages));
    await follow(page, pages[0]);
    await expectSuitsEverybody(page, [...all('textbox', '契約者名', '拠点情報'), 'button "設定"']);
    await press(page, '設定', { 契約者名: '山田商店', 拠点情報: '本社ビル3階' });
    await expectPage(page, pages[0], '設定しました。', '山田商店', '本社ビル3階');
    for (const heading of pages.slice(2)) {
      await follow(page, '故障・回復通知機能');
      await follow(page, heading);
      await expectPage(page, heading, 'この設定は、サービスの開始中に働きます。');
      await expectSuitsEverybody(page, ['radio "停止"', 'button "設定"']);
      await press(page, '設定', { 開始: true });
      await expectPage(page, heading, '設定しました。');
    }
  });
});

describe('C14 the choice of a number', () => {
  it('of 40 can be searched by a part and by *, and suits everybody', async () => {
    const { page, numbers } = await enter({ numbers: 40 });
    await follow(page, '着信お知らせメール');
    const last = numbers.at(-1) ?? '';
    await expectSuitsEverybody(page, [
      ...all('textbox', '電話番号検索'),
      ...all('button', '検索'),
      ...all('link', ...numbers.map(shown)),
    ]);
    await press(page, '検索', { 電話番号検索: shown(last).replaceAll(/./g, (one) => wide(one)) });
    await expectPage(page, '電話番号選択', '1件の電話番号が見つかりました。');
    await press(page, '検索', { 電話番号検索: `03*${last.slice(-4)}` });
    await follow(page, shown(last));
    await expectPage(page, '着信お知らせメール', shown(last));
    await follow(page, '電話番号選択');
    await press(page, '検索', { 電話番号検索: '999999' });
    await expectPage(page, '電話番号選択', '当てはまる電話番号はありません。');
    await expectSuitsEverybody(page, [
      ...all('textbox', '電話番号検索'),
      ...all('link', 'すべての電話番号を表示する'),
    ]);
    await follow(page, 'すべての電話番号を表示する');
    await follow(page, TOP);
    await expectPage(page, TOP);
  });

  it('of 1,000 is one page with a link for each', async () => {
    const { page, numbers } = await enter({ numbers: 1000 });
    await page.goto('/services/call-notice');
    expect(await page.locator('.links').getByRole('link').count()).toBe(1000);
    await press(page, '検索', { 電話番号検索: `*${numbers[776]?.slice(-5)}` });
    await expectPage(page, '電話番号選択', '1件の電話番号が見つかりました。', shown(numbers[776] ?? ''));
  });
});

/** A digit or a hyphen as a Japanese keyboard writes it. */
const wide = (text: string): string => String.fromCharCode(text.charCodeAt(0) + 0xfee0);
