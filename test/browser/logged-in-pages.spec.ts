import type { Page } from 'playwright-core';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, logIn, press } from './journey.ts';
import { openSite, PAIR, PASSWORD, usingOneTime, type GivenLine } from './site-scene.ts';
import { visit } from './visit.ts';

const site = await openSite();
const DAY_MS = 86_400_000;
const TOP = 'ひかり電話設定サイトトップ';
const { oneTime } = await usingOneTime(site, 'taro@example.jp');
/** A number with a confirmation pair, that does not use one-time passwords now. */
const WITH_PAIR: GivenLine = { account: { oneTime: { ...oneTime, use: false } } };
const THREE: GivenLine = { unit: 'number', numbers: 3 };
const OFFICE: GivenLine = { unit: 'administrator-user', numbers: 3 };

/** Logs in on a line like that, and opens a page. */
async function enter(path: string, given: GivenLine = {}): Promise<{ page: Page; numbers: string[] }> {
  const numbers = await site.line(given);
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, numbers[0]);
  await page.goto(path);
  return { page, numbers: [...numbers] };
}

const shown = (number: string): string => number.replace(/^(..)(....)/, '$1-$2-');
const all = (role: string, ...names: readonly string[]): string[] => names.map((name) => `${role} "${name}"`);

describe('The menu', () => {
  it('A13 has a link for each service and each setting that this login may, and suits everybody', async () => {
    const { page } = await enter('/menu', WITH_PAIR);
    await expectPage(page, TOP);
    const services = ['着信お知らせメール', 'FAXお知らせメール', '故障・回復通知機能', '一括転送機能'];
    const login = ['パスワード変更', '認証単位変更', 'ワンタイムパスワード利用選択変更', '確認用ID変更'];
    await expectSuitsEverybody(page, [
      ...all('button', 'ログアウト'),
      ...all('link', ...services, 'ボイスワープ', 'サービス選択', 'お知らせ履歴'),
      ...all('link', ...login, '確認用パスワード変更', 'ワンタイムパスワード各種一括設定'),
    ]);
  });

  it('A5 says from 14 days before that the password expires', async () => {
    const password = { phc: await site.hash(PASSWORD), changedAt: Date.now() - 50 * DAY_MS };
    const { page } = await enter('/menu', { account: { password } });
    await expectPage(page, TOP, 'パスワードの有効期限まで、あと10日です。');
    await expectSuitsEverybody(page, all('link', '今すぐ変更できます。'));
  });
});

describe('A page of who is logged in suits everybody:', () => {
  const NEW_PAIR = ['変更前の確認用ID', '新しい確認用ID', '新しい確認用ID（確認）'];
  const NEW_PAIR_PASSWORD = ['変更前のパスワード', '変更後のパスワード', '変更後のパスワード（確認）'];
  const NEW_PASSWORD = ['現在のパスワード', '新しいパスワード', '新しいパスワード（確認）'];
  const UNITS = ['電話番号単位', '管理者／ユーザ単位'];
  const ADDRESS = ['ワンタイムパスワード受信用メールアドレス', '確認用ID', '確認用パスワード'];

  it.each<[string, string, string, readonly string[], GivenLine?]>([
    ['A13', '/services', 'サービス選択', all('link', '着信お知らせメール', 'ボイスワープ')],
    ['A11', '/one-time-password/csv', 'ワンタイムパスワード各種一括設定', all('link', 'ダウンロード')],
    ['A5', '/password', 'パスワード変更', [...all('textbox', ...NEW_PASSWORD), 'button "パスワード変更"']],
    ['A6', '/unit', '認証単位変更', all('button', ...UNITS)],
    ['A6', '/unit/number', '認証単位変更', ['textbox "パスワード"', 'button "認証単位変更"']],
    ['A8', '/one-time-password/decline', 'ワンタイムパスワードを利用しないことの確認', ['button "同意する"']],
    [
      'A8',
      '/one-time-password',
      'ワンタイムパスワード利用選択',
      ['radio "ワンタイムパスワードを利用しない"', 'button "次へ"'],
    ],
    [
      'A8',
      '/one-time-password/address',
      'ワンタイムパスワード利用情報仮登録',
      [...all('textbox', ...ADDRESS), 'button "次へ"'],
    ],
    ['A9', '/confirmation-id', '確認用ID変更', [...all('textbox', ...NEW_PAIR), 'button "登録"'], WITH_PAIR],
    [
      'A9',
      '/confirmation-password',
      '確認用パスワード変更',
      [...all('textbox', ...NEW_PAIR_PASSWORD), 'button "登録"'],
      WITH_PAIR,
    ],
    ['A1', '/password/0399999999', 'ページが見つかりません', all('link', 'トップページ')],
  ])('%s %s', async (_, path, heading, controls, given = {}) => {
    const { page } = await enter(path, given);
    await expectPage(page, heading);
    await expectSuitsEverybody(page, controls);
  });

  it('A7 the numbers of an administrator, and the password of one', async () => {
    const { page, numbers } = await enter('/password', OFFICE);
    const [, user = ''] = numbers;
    await expectSuitsEverybody(page, all('link', ...numbers.map(shown)));
    await page.goto(`/password/${user}`);
    await expectPage(page, 'パスワード変更', '設定中の電話番号', shown(user));
    await expectSuitsEverybody(page, [...all('textbox', ...NEW_PASSWORD), 'link "戻る"']);
  });

  it('A6 a password for each of three numbers, what the change means, and that it is done', async () => {
    const { page, numbers } = await enter('/unit/line', THREE);
    const labels = numbers.map((number) => `パスワード（${shown(number)}）`);
    await expectSuitsEverybody(page, [...all('textbox', ...labels), 'button "認証単位変更"']);
    await press(page, '認証単位変更', Object.fromEntries(labels.map((label) => [label, PASSWORD])));
    await expectPage(page, '認証単位変更の確認', 'ほかの電話番号のパスワードは使えなくなります。');
    await expectSuitsEverybody(page, ['button "確定"', 'link "変更しない"']);
    await press(page, '確定');
    await expectPage(page, '認証単位変更', '認証単位を変更しました。', '回線単位');
    await expectSuitsEverybody(page, all('link', `${TOP}へ戻る`));
  });
});

describe('A form that is refused suits everybody, and says what is wrong:', () => {
  const OWN = '現在のパスワード';
  const [NEXT, AGAIN] = ['新しいパスワード', '新しいパスワード（確認）'];

  it.each<[string, Record<string, string>, string]>([
    ['A5 empty', {}, '現在のパスワードを入力してください。'],
    [
      'A5 in full width',
      { [OWN]: 'ｓａｋｕｒａ７７ｘ', [NEXT]: 'kaede99zz', [AGAIN]: 'kaede99zz' },
      '全角文字',
    ],
    ['A5 too short', { [OWN]: PASSWORD, [NEXT]: 'abc12', [AGAIN]: 'abc12' }, '8桁から12桁で'],
    ['A5 not equal', { [OWN]: PASSWORD, [NEXT]: 'kaede99zz', [AGAIN]: 'kaede99zy' }, '一致しません'],
    [
      'A5 wrong',
      { [OWN]: 'chigau00x', [NEXT]: 'kaede99zz', [AGAIN]: 'kaede99zz' },
      '現在のパスワードが正しく',
    ],
    ['A3 wrong too often', { [OWN]: PASSWORD, [NEXT]: 'kaede99zz', [AGAIN]: 'kaede99zz' }, '待ってから'],
  ])('the new password, %s', async (title, fields, sentence) => {
    const { page, numbers } = await enter('/password');
    if (title.startsWith('A3')) await slowDown(numbers);
    await press(page, 'パスワード変更', fields);
    await expectRefused(page, 'パスワード変更', sentence);
    await expectSuitsEverybody(page, [...all('textbox', OWN, NEXT, AGAIN), 'button "パスワード変更"']);
  });

  it.each<[string, GivenLine, string, string]>([
    ['A6 wrong', {}, 'chigau00x', 'パスワードが正しくないか、無効になっています。'],
    ['A6 wrong, for each of three', THREE, 'chigau00x', 'パスワードが正しくないか、無効になっています。'],
    ['A6 missing, for each of three', THREE, '', 'パスワードを入力してください。'],
    ['A3 wrong too often', {}, PASSWORD, '待ってから'],
  ])('the passwords of a unit change, %s', async (title, given, password, sentence) => {
    const { page, numbers } = await enter('/unit/administrator-user', given);
    if (title.startsWith('A3')) await slowDown(numbers);
    const labels =
      numbers.length === 1 ? ['パスワード'] : numbers.map((one) => `パスワード（${shown(one)}）`);
    await press(page, '認証単位変更', Object.fromEntries(labels.map((label) => [label, password])));
    await expectRefused(page, '認証単位変更', sentence);
    expect(await page.getByRole('alert').getByRole('listitem').count()).toBe(numbers.length);
    await expectSuitsEverybody(page, [...all('textbox', ...labels), 'button "認証単位変更"']);
  });

  it('A9 an address and a pair that no rule takes', async () => {
    const { page } = await enter('/one-time-password/address');
    await press(page, '次へ', {
      ワンタイムパスワード受信用メールアドレス: 'taro.example.jp',
      確認用ID: 'KAKUNINN',
      確認用パスワード: 'abcd12xy',
    });
    await expectRefused(
      page,
      'ワンタイムパスワード利用情報仮登録',
      '@が含まれていません',
      '英大文字だけ',
      '並び',
    );
    expect(await page.getByLabel('確認用ID').inputValue()).toBe('KAKUNINN');
    expect(await page.getByLabel('確認用パスワード').inputValue()).toBe('');
    await expectSuitsEverybody(
      page,
      all('link', 'メールアドレスに@が含まれていません。@を含めて入力してください。'),
    );
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['not what it was', 0, { 変更前の確認用ID: 'Chigau01', 新しい確認用ID: 'Kakunin02' }, '正しくありません'],
    ['the same', 0, { 変更前の確認用ID: PAIR.id, 新しい確認用ID: PAIR.id }, '同じです'],
    [
      'wrong five times',
      5,
      { 変更前の確認用ID: PAIR.id, 新しい確認用ID: 'Kakunin02' },
      '5回続けて間違えたため',
    ],
  ])('A9 a confirmation id, %s', async (_, wrongPairs, fields, sentence) => {
    const { page, numbers } = await enter('/confirmation-id', WITH_PAIR);
    await site.turn(numbers[0] ?? '', (account) => ({
      ...account,
      oneTime: { ...account.oneTime, wrongPairs },
    }));
    await press(page, '登録', { ...fields, '新しい確認用ID（確認）': fields['新しい確認用ID'] ?? '' });
    await expectRefused(page, '確認用ID変更', sentence);
    await expectSuitsEverybody(page, all('textbox', '変更前の確認用ID', '新しい確認用ID'));
  });
});

/** Makes the next try of each number wait, as wrong ones have done. */
async function slowDown([number = '']: readonly string[]): Promise<void> {
  const tries = { wrong: 4, streak: 4, lastAt: Date.now() + 60_000 };
  await site.turn(number, (account) => ({
    ...account,
    others: tries,
    browsers: account.browsers.map((one) => ({ ...one, ...tries })),
  }));
}
