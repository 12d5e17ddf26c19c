import { NO_ACCOUNT } from '#access';
import { beginStory } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';
import { expectPage, follow, logIn, press } from './journey.ts';
import { CODE, LINK, mailed } from './mailed.ts';
import { openSite, PAIR, PASSWORD, TEMPORARY, usingOneTime } from './site-scene.ts';
import { visit } from './visit.ts';

const story = await beginStory();
const site = await openSite(story.environment);

const TOP = 'ひかり電話設定サイトトップ';
const NAME = 'ワンタイムパスワード';
const SEND = 'ワンタイムパスワードを送信';
const PHONE = { width: 375 };

const newAddress = (): string => `${uniqueName('hanako')}@example.jp`;
const inFullWidth = (digits: string): string =>
  digits.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));

it('A4 A8 goes from a temporary password to the menu, its link opened on another device', async () => {
  const temporary = { phc: await site.hash(TEMPORARY), setAt: Date.now(), unit: 'line' } as const;
  const [number] = await site.line({ account: { ...NO_ACCOUNT, temporary } });
  const address = newAddress();
  const { page } = await visit(site.url, PHONE);
  await logIn(page, number, TEMPORARY);
  await page.goto('/menu');
  await expectPage(page, 'パスワード変更', '仮パスワードでログインしました。');
  await press(page, 'パスワード変更', {
    現在のパスワード: TEMPORARY,
    新しいパスワード: PASSWORD,
    '新しいパスワード（確認）': PASSWORD,
  });
  await follow(page, 'ログイン画面へ戻る');
  await press(page, 'ログイン', { 電話番号: number, パスワード: PASSWORD });
  await press(page, '次へ', { ワンタイムパスワードを利用する: true });
  await press(page, '次へ', {
    ワンタイムパスワード受信用メールアドレス: address,
    確認用ID: PAIR.id,
    確認用パスワード: PAIR.password,
  });
  await press(page, '登録');
  await expectPage(page, '仮登録の完了', address);

  const other = await visit(site.url, PHONE);
  await other.page.goto(await mailed(address, LINK));
  await press(other.page, '本登録を完了する');
  await expectPage(other.page, 'メールアドレスの本登録の完了', 'その画面に戻り、「次へ」を押してください。');

  await press(page, '次へ');
  await expectPage(page, NAME, 'h***@example.jp');
  await press(page, SEND);
  await press(page, '次へ', { [NAME]: await mailed(address, CODE) });
  await expectPage(page, TOP);
  await other.page.goto('/menu');
  await expectPage(other.page, 'ログイン');
});

it('A8 goes without one-time passwords after it was asked once more', async () => {
  const [number] = await site.line({ account: { oneTime: NO_ACCOUNT.oneTime } });
  const { page } = await visit(site.url, PHONE);
  await logIn(page, number);
  await press(page, '次へ', { ワンタイムパスワードを利用しない: true });
  await expectPage(page, 'ワンタイムパスワードを利用しないことの確認');
  await press(page, '同意する');
  await expectPage(page, TOP);
});

it('A8 a login that waits for its code survives a reload and a closed window, and takes full-width digits', async () => {
  const address = newAddress();
  const [number] = await site.line({ account: await usingOneTime(site, address) });
  const { page, newTab } = await visit(site.url, PHONE);
  await logIn(page, inFullWidth(number));
  await press(page, SEND);
  await page.reload();
  await expectPage(page, NAME, 'お送りしました。');
  await page.close();
  const later = await newTab();
  await later.goto('/');
  await press(later, 'ログイン');
  await expectPage(later, NAME, 'お送りしました。');
  const field = later.getByLabel(NAME, { exact: true });
  expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
  expect(await field.getAttribute('inputmode')).toBe('numeric');
  await press(later, '次へ', { [NAME]: inFullWidth(await mailed(address, CODE)) });
  await expectPage(later, TOP);
});

it('A10 an address that cannot be read any more is changed with the pair, and the code comes to the new one', async () => {
  const [old, next] = [newAddress(), newAddress()];
  const [number] = await site.line({ account: await usingOneTime(site, old) });
  const { page, newTab } = await visit(site.url, PHONE);
  await logIn(page, number);
  await follow(page, 'メールアドレスの変更');
  await press(page, '次へ', { 確認用ID: PAIR.id, 確認用パスワード: PAIR.password });
  await press(page, '次へ', { ワンタイムパスワード受信用メールアドレス: next });
  await press(page, '登録');
  const mail = await newTab();
  await mail.goto(await mailed(next, LINK));
  await press(mail, '本登録を完了する');
  await press(mail, SEND);
  await expectPage(mail, NAME, 'h***@example.jp');
  await press(page, '次へ');
  await press(page, '次へ', { [NAME]: await mailed(next, CODE) });
  await expectPage(page, TOP);
});

it('A8 A12 leads to the page that was asked for, by way of the code', async () => {
  const address = newAddress();
  const [number] = await site.line({ account: await usingOneTime(site, address) });
  const { page } = await visit(site.url, PHONE);
  await page.goto('/line/fault-notice');
  await press(page, 'ログイン', { 電話番号: number, パスワード: PASSWORD });
  await press(page, SEND);
  await press(page, '次へ', { [NAME]: '00000000' });
  await press(page, '次へ', { [NAME]: await mailed(address, CODE) });
  await expectPage(page, '故障・回復通知機能');
});
