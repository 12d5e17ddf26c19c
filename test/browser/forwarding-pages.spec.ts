import type { Page } from 'playwright-core';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, follow, logIn, press } from './journey.ts';
import { openSite, type GivenLine } from './site-scene.ts';
import { visit } from './visit.ts';

const site = await openSite();

const all = (role: string, ...names: readonly string[]): string[] => names.map((name) => `${role} "${name}"`);
const shown = (number: string): string => number.replace(/^(..)(....)/, '$1-$2-');
const rows = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index + 1}`);

/** Logs in on a line like that, and goes to one of its services. */
async function enter(
  service: string,
  given: GivenLine = {},
): Promise<{ page: Page; numbers: readonly [string, ...string[]] }> {
  const numbers = await site.line(given);
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, numbers[0]);
  await follow(page, service);
  return { page, numbers };
}

describe('V3 Voice Warp', () => {
  it('is set page by page, and suits everybody', async () => {
    const { page, numbers } = await enter('ボイスワープ');
    const own = shown(numbers[0]);
    const links = [
      '開始／停止設定',
      '転送先電話番号設定',
      'セレクト機能開始／停止設定',
      'セレクト機能リスト設定',
    ];
    await expectPage(page, 'ボイスワープ', own, '設定されていません');
    await expectSuitsEverybody(page, all('link', ...links));
    await follow(page, '開始／停止設定');
    await press(page, '設定', { 開始: true });
    await expectRefused(page, '開始／停止設定', '転送先電話番号の設定が必要です');
    // The keyboard stops once at a group of radios: at the chosen one.
    const rest = ['textbox "呼出秒数"', 'button "設定"'];
    await expectSuitsEverybody(page, [
      'link "転送先電話番号設定"',
      ...all('radio', '開始', '無条件転送'),
      ...rest,
    ]);
    await page.getByRole('main').getByRole('link', { name: '転送先電話番号設定' }).click();
    await expectPage(page, '転送先電話番号設定', own);
    await press(page, '設定', { 転送先電話番号2: '110', 使用する2: true });
    await expectRefused(page, '転送先電話番号設定', '0から始まる番号');
    const [first = '', second = '', ...others] = all('textbox', ...rows('転送先電話番号', 4));
    const inUse = 'radio "使用する2"';
    await expectSuitsEverybody(page, [first, second, inUse, ...others, 'button "設定"']);
    await press(page, '設定', { 転送先電話番号2: '０９０－１２３４－５６７８' });
    await expectPage(page, '転送先電話番号設定', '設定しました。', '090-1234-5678（使用する）', '反映中です');
    await follow(page, 'ボイスワープ');
    await follow(page, '開始／停止設定');
    await press(page, '設定', { 開始: true, '無応答時・話中時転送': true, 呼出秒数: '15' });
    await expectPage(page, '開始／停止設定', '設定しました。', '無応答時・話中時転送（呼出秒数：15秒）');
    await expectSuitsEverybody(page, [...all('radio', '開始', '無応答時・話中時転送'), ...rest]);
  });

  it('selects callers, and suits everybody', async () => {
    const { page, numbers } = await enter('ボイスワープ');
    await page.goto(`/numbers/${numbers[0]}/voice-warp/select`);
    await expectSuitsEverybody(page, ['link "セレクト機能リスト設定"', 'radio "停止"', 'button "設定"']);
    await page.getByRole('main').getByRole('link', { name: 'セレクト機能リスト設定' }).click();
    await expectPage(page, 'セレクト機能リスト設定');
    await press(page, '設定', { 登録電話番号1: '090-1234-5678', 登録電話番号30: '+1 212 555 0100' });
    await expectPage(page, 'セレクト機能リスト設定', '設定しました。', '+1-212-555-0100');
    await expectSuitsEverybody(page, [...all('textbox', ...rows('登録電話番号', 30)), 'button "設定"']);
    await page.goto(`/numbers/${numbers[0]}/voice-warp/select`);
    await press(page, '設定', { 登録番号着信: true });
    await expectPage(page, 'セレクト機能開始／停止設定', '設定しました。', '登録番号着信');
    await expectSuitsEverybody(page, ['radio "登録番号着信"', 'button "設定"']);
  });
});

describe('V2 the bulk transfer', () => {
  it('is set and started, asks once more before that, and suits everybody', async () => {
    const { page, numbers } = await enter('一括転送機能', { numbers: 3 });
    const links = ['サービス開始／停止設定', '転送先電話番号の設定', '転送先電話番号の一括設定'];
    await expectPage(page, '一括転送機能', '停止', '設定されていません');
    await expectSuitsEverybody(page, all('link', ...links));
    await follow(page, '転送先電話番号の設定');
    await expectPage(page, '転送先電話番号の設定', ...numbers.map(shown));
    await press(page, '設定', { 転送先電話番号2: shown(numbers[0]) });
    await expectRefused(page, '転送先電話番号の設定', '同じ契約回線の電話番号は、転送先にできません');
    const fields = [...all('textbox', ...rows('転送先電話番号', 3)), 'button "設定"'];
    await expectSuitsEverybody(page, fields);
    await press(page, '設定', { 転送先電話番号2: '06-9876-5432' });
    await expectPage(page, '転送先電話番号の設定', '設定しました。', '06-9876-5432');
    await expectSuitsEverybody(page, fields);
    await follow(page, '一括転送機能');
    await follow(page, 'サービス開始／停止設定');
    await expectSuitsEverybody(page, ['radio "停止"', 'button "設定"']);
    await press(page, '設定', { 開始: true });
    await expectPage(page, '一括転送の開始の確認', 'まだ開始していません', '06-9876-5432 へ転送');
    await expectSuitsEverybody(page, ['button "確定"', 'link "開始しない"']);
    await press(page, '確定');
    await expectPage(page, 'サービス開始／停止設定', '設定しました。', '反映中です');
    await press(page, '設定', { 停止: true });
    await expectPage(page, 'サービス開始／停止設定', '設定しました。');
  });

  it('C14 of many numbers is searched and goes from page to page', async () => {
    const { page, numbers } = await enter('一括転送機能', { numbers: 70 });
    const last = shown(numbers.at(-1) ?? '');
    await follow(page, '転送先電話番号の設定');
    await expectSuitsEverybody(page, ['textbox "電話番号検索"', 'button "検索"', 'link "次の電話番号へ"']);
    await press(page, '検索', { 電話番号検索: last });
    await expectPage(page, '電話番号検索', '1件の電話番号が見つかりました');
    await expectSuitsEverybody(page, all('link', last, 'すべての電話番号を表示する'));
    await follow(page, last);
    await press(page, '設定', { 転送先電話番号70: '06-9876-5432' });
    await expectPage(page, '転送先電話番号の設定', '設定しました。', `${last} から 06-9876-5432 へ転送`);
    await follow(page, '前の電話番号へ');
    await expectPage(page, '転送先電話番号の設定', '33番目から64番目まで');
  });
});
