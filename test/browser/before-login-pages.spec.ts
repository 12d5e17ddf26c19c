import type { Page } from 'playwright-core';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, logIn, press } from './journey.ts';
import { openSite, PASSWORD } from './site-scene.ts';
import { visit } from './visit.ts';

const site = await openSite({ LOGIN_WAITS: '60' });
const withoutRedis = await openSite({ REDIS_URL: 'redis://127.0.0.1:1' });

async function open(path: string): Promise<Page> {
  const { page } = await visit(site.url, { width: 375 });
  await page.goto(path);
  return page;
}

const LOGIN = ['textbox "電話番号"', 'textbox "パスワード"', 'button "ログイン"'];
const SELF_CARE = ['textbox "セルフケアID"', 'textbox "セルフケアパスワード"', 'button "ログイン"'];
const BACK = ['link "ログイン画面へ戻る"'];
const WAYS = ['link "トップページ"', 'link "ログイン"'];

describe('A page for everybody suits everybody:', () => {
  it.each<[string, string, string, readonly string[], readonly string[]]>([
    ['A12', '/login?why=log-out', 'ログイン', ['ログアウトしました。'], LOGIN],
    ['A12', '/login?why=other-login', 'ログイン', ['同じ電話番号で新しくログインがあったため'], LOGIN],
    ['A12', '/login?why=idle', 'ログイン', ['一定時間操作がなかったため'], LOGIN],
    ['A12', '/login?why=password-changed', 'ログイン', ['パスワードが変更されたため'], LOGIN],
    ['A14', '/self-care', 'セルフケアログイン', ['サービス開始のご案内'], SELF_CARE],
    ['A4', '/password/changed', 'パスワード変更', ['パスワードを変更しました。'], BACK],
    ['A6', '/unit/changed', '認証単位変更', ['認証単位を変更しました。', '契約電話番号で'], BACK],
    ['A8', '/registration?token=x', 'メールアドレスの本登録', ['すでに使われたか'], BACK],
    ['A8', '/registration/done', 'メールアドレスの本登録の完了', ['本登録が完了しました。'], BACK],
  ])('%s %s', async (_, path, heading, words, controls) => {
    const page = await open(path);
    await expectPage(page, heading, ...words);
    await expectSuitsEverybody(page, controls);
  });
});

describe('A login that is refused suits everybody, and says what is wrong:', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['A1 empty', '', '', ['電話番号を入力してください。', 'パスワードを入力してください。']],
    ['A1 no number', 'taro', PASSWORD, ['電話番号は数字で入力してください。']],
    ['A1 in full width', '0312000000', 'ｓａｋｕｒａ７７ｘ', ['パスワードに全角文字が含まれています。']],
    ['A3 wrong', '0399999999', PASSWORD, ['正しくないか、パスワードが無効になっています。']],
  ])('%s', async (_, number, password, sentences) => {
    const page = await open('/login');
    await press(page, 'ログイン', { 電話番号: number, パスワード: password });
    await expectRefused(page, 'ログイン', ...sentences);
    expect(await page.getByLabel('電話番号').inputValue()).toBe(number);
    expect(await page.getByLabel('パスワード').inputValue()).toBe('');
    await expectSuitsEverybody(page, LOGIN);
  });

  it('A3 during a wait', async () => {
    const others = { wrong: 3, streak: 3, lastAt: Date.now() };
    const [number] = await site.line({ account: { others } });
    const { page } = await visit(site.url, { width: 375 });
    await logIn(page, number);
    await expectRefused(page, 'ログイン', '受け付けを一時的に止めています。');
    await expectSuitsEverybody(page, LOGIN);
  });

  it.each<[string, string, string, string]>([
    ['empty', '', '', 'セルフケアIDを入力してください。'],
    ['wrong', 'nobody', PASSWORD, 'セルフケアIDまたはセルフケアパスワードが正しくないか'],
    ['in full width', 'nobody', 'ｓａｋｕｒａ７７ｘ', 'セルフケアパスワードに全角文字が含まれています。'],
  ])('A14 %s', async (_, id, password, sentence) => {
    const page = await open('/self-care');
    await press(page, 'ログイン', { セルフケアID: id, セルフケアパスワード: password });
    await expectRefused(page, 'セルフケアログイン', sentence);
    await expectSuitsEverybody(page, SELF_CARE);
  });
});

describe('An error page suits everybody:', () => {
  it('A1 403, of a form that another site sends', async () => {
    const { page } = await visit(site.url, { width: 375 });
    await page.setContent(`<form method="post" action="${site.url}/login"><button>ログイン</button></form>`);
    await press(page, 'ログイン');
    await expectPage(page, 'この操作は受け付けられません', '設定は変更されていません。');
    await expectSuitsEverybody(page, WAYS);
  });

  it('A1 503, while Redis is away', async () => {
    const { page } = await visit(withoutRedis.url, { width: 375 });
    await logIn(page, '0312000000');
    await expectPage(page, 'ただいまご利用いただけません', '保存済みの内容は失われていません。');
    await expectSuitsEverybody(page, WAYS);
  });
});
