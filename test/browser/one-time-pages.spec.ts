import type { Page } from 'playwright-core';
import { NO_ACCOUNT } from '#access';
import { beginStory } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, follow, logIn, press } from './journey.ts';
import { CODE, LINK, mailed } from './mailed.ts';
import {
  IP_PHONE_PASSWORD,
  NEXT_IP_PHONE_PASSWORD,
  openSite,
  PAIR,
  PASSWORD,
  TEMPORARY,
  usingOneTime,
} from './site-scene.ts';
import { visit } from './visit.ts';

const story = await beginStory();
const site = await openSite(story.environment);

const NAME = 'ワンタイムパスワード';
const ADDRESS = 'ワンタイムパスワード受信用メールアドレス';
const SEND = 'button "ワンタイムパスワードを送信"';
const ENTER = ['textbox "ワンタイムパスワード"', 'button "次へ"', SEND, 'link "メールアドレスの変更"'];
const PAIR_FIELDS = ['textbox "確認用ID"', 'textbox "確認用パスワード"', 'button "次へ"'];

const newAddress = (): string => `${uniqueName('taro')}@example.jp`;

/** Logs in with a number that uses one-time passwords, as far as its code. */
async function untilCode(address = newAddress()): Promise<{ page: Page; number: string; address: string }> {
  const [number] = await site.line({ account: await usingOneTime(site, address) });
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, number);
  return { page, number, address };
}

describe('The first login suits everybody:', () => {
  it('A4 the password that has to be changed', async () => {
    const temporary = { phc: await site.hash(TEMPORARY), setAt: Date.now(), unit: 'line' } as const;
    const [number] = await site.line({ account: { password: null, temporary } });
    const { page } = await visit(site.url, { width: 375 });
    await logIn(page, number, TEMPORARY);
    await expectPage(page, 'パスワード変更', '仮パスワードでログインしました。');
    await expectSuitsEverybody(page, ['textbox "現在のパスワード"', 'button "パスワード変更"']);
  });

  it('A8 the choice, its address, what was entered, and the link', async () => {
    const [number] = await site.line({ account: { oneTime: NO_ACCOUNT.oneTime } });
    const { page } = await visit(site.url, { width: 375 });
    await logIn(page, number);
    await expectPage(page, 'ワンタイムパスワード利用選択');
    await expectSuitsEverybody(page, ['radio "ワンタイムパスワードを利用する"', 'button "次へ"']);
    await press(page, '次へ');
    const address = newAddress();
    await press(page, '次へ', { [ADDRESS]: address, 確認用ID: PAIR.id, 確認用パスワード: PAIR.password });
    await expectPage(page, '入力内容の確認', address, PAIR.id);
    await expectSuitsEverybody(page, ['button "登録"', 'link "入力し直す"']);
    await press(page, '登録');
    await expectPage(page, '仮登録の完了', address);
    await press(page, '次へ');
    await expectPage(page, '仮登録の完了', 'まだ本登録が完了していません。');
    await expectSuitsEverybody(page, ['button "次へ"', 'link "入力し直す"']);
    await page.goto(await mailed(address, LINK));
    await expectPage(page, 'メールアドレスの本登録', 't***@example.jp');
    await expectSuitsEverybody(page, ['button "本登録を完了する"']);
    await press(page, '本登録を完了する');
    await expectPage(page, 'メールアドレスの本登録の完了');
    await expectSuitsEverybody(page, [SEND]);
  });
});

describe('The page of the code suits everybody:', () => {
  it('A8 before it is sent, when it is, and when it is wrong', async () => {
    const { page, number } = await untilCode();
    await expectPage(page, NAME, 't***@example.jp');
    await expectSuitsEverybody(page, [SEND, 'link "メールアドレスの変更"', 'button "ログインをやめる"']);
    await press(page, 'ワンタイムパスワードを送信');
    await expectPage(page, NAME, 'お送りしました。');
    await expectSuitsEverybody(page, ENTER);
    await press(page, '次へ', { [NAME]: '00000000' });
    await expectRefused(page, NAME, 'ワンタイムパスワードが正しくありません。');
    await expectSuitsEverybody(page, ENTER);
    await site.turn(number, (account) => ({
      ...account,
      pending: account.pending && { ...account.pending, wrongTries: 4 },
    }));
    await press(page, '次へ', { [NAME]: '00000000' });
    await expectPage(page, 'ログイン', '5回続けて間違えたため');
    await expectSuitsEverybody(page, ['textbox "電話番号"', 'textbox "パスワード"', 'button "ログイン"']);
  });

  it('A8 when what is entered is no code', async () => {
    const { page } = await untilCode();
    await press(page, 'ワンタイムパスワードを送信');
    await press(page, '次へ', { [NAME]: 'abc' });
    await expectRefused(page, NAME, 'ワンタイムパスワードは8桁の数字です。');
    await expectSuitsEverybody(page, ENTER);
  });

  it('O1 when its 5 minutes are over', async () => {
    const { page, number, address } = await untilCode();
    await press(page, 'ワンタイムパスワードを送信');
    const code = await mailed(address, CODE);
    await site.turn(number, (account) => {
      const { pending } = account;
      const lapsed = pending?.code && { ...pending.code, expiresAt: Date.now() };
      return { ...account, pending: pending && { ...pending, code: lapsed ?? null } };
    });
    await press(page, '次へ', { [NAME]: code });
    await expectRefused(page, NAME, '有効期限が切れています。もう一度送信してください。');
    await expectSuitsEverybody(page, [SEND]);
  });

  it('A8 when five were sent in 15 minutes', async () => {
    const { page, number } = await untilCode();
    await site.turn(number, (account) => ({
      ...account,
      oneTime: { ...account.oneTime, codesSentAt: Array(5).fill(Date.now()) },
    }));
    await press(page, 'ワンタイムパスワードを送信');
    await expectRefused(page, NAME, '続けて5通お送りしたため、あと15分はお送りできません。');
    await expectSuitsEverybody(page, [SEND]);
  });
});

describe('The change of the address before the code suits everybody:', () => {
  it('A10 the pair, when it is empty, wrong, and right', async () => {
    const { page } = await untilCode();
    await follow(page, 'メールアドレスの変更');
    await expectPage(page, 'メールアドレスの変更');
    await expectSuitsEverybody(page, PAIR_FIELDS);
    await press(page, '次へ');
    await expectRefused(page, 'メールアドレスの変更', '確認用IDと確認用パスワードを入力してください。');
    await expectSuitsEverybody(page, PAIR_FIELDS);
    await press(page, '次へ', { 確認用ID: PAIR.id, 確認用パスワード: 'chigau00x' });
    await expectRefused(page, 'メールアドレスの変更', '正しくありません。');
    await expectSuitsEverybody(page, PAIR_FIELDS);
    await press(page, '次へ', { 確認用ID: PAIR.id, 確認用パスワード: PAIR.password });
    await expectPage(page, 'ワンタイムパスワード受信用メールアドレス変更');
    await expectSuitsEverybody(page, [`textbox "${ADDRESS}"`, 'button "次へ"']);
  });

  it('A10 when five pairs were wrong', async () => {
    const { page, number } = await untilCode();
    await site.turn(number, (account) => ({
      ...account,
      oneTime: { ...account.oneTime, wrongPairs: 5 },
    }));
    await follow(page, 'メールアドレスの変更');
    await press(page, '次へ', { 確認用ID: PAIR.id, 確認用パスワード: PAIR.password });
    await expectRefused(page, 'メールアドレスの変更', '5回続けて間違えたため');
    await expectSuitsEverybody(page, PAIR_FIELDS);
  });
});

describe('The self-care login suits everybody:', () => {
  it('A14 its code, its menu, and what it leads to', async () => {
    const address = newAddress();
    const { id, ipPhone } = await site.selfCare({ address });
    const { page } = await visit(site.url, { width: 375 });
    await page.goto('/self-care');
    await press(page, 'ログイン', { セルフケアID: id, セルフケアパスワード: PASSWORD });
    await expectPage(page, '認証コードの入力', 'お送りしました。');
    await expectSuitsEverybody(page, ['textbox "認証コード"', 'button "次へ"', 'button "認証コードを送信"']);
    await press(page, '次へ', { 認証コード: '00000000' });
    await expectRefused(page, '認証コードの入力', '認証コードが正しくありません。');
    await expectSuitsEverybody(page, ['textbox "認証コード"', 'button "次へ"', 'button "認証コードを送信"']);
    await press(page, '次へ', { 認証コード: await mailed(address, CODE) });
    await expectPage(page, 'カスタマー・セルフケア・サービスメニュー');
    await expectSuitsEverybody(page, ['button "ログアウト"', 'link "IP加入電話パスワード変更"']);
    await follow(page, 'IP加入電話パスワード変更');
    await expectPage(page, 'IP加入電話パスワード変更', 'IP電話対応機器の設定変更が必要です');
    expect(await page.getByLabel('IP加入電話番号').inputValue()).toBe(ipPhone);
    const [now, next] = ['現IP加入電話パスワード', '新IP加入電話パスワード'];
    const fields = ['IP加入電話番号', now, next, `${next}（確認用）`].map((name) => `textbox "${name}"`);
    await expectSuitsEverybody(page, [...fields, 'button "更新"']);
    await press(page, '更新', { [now]: 'Wrong000', [next]: 'Momiji8', [`${next}（確認用）`]: 'Momiji8' });
    await expectRefused(
      page,
      'IP加入電話パスワード変更',
      '新IP加入電話パスワードは8文字で入力してください。',
    );
    await expectSuitsEverybody(page, [...fields, 'button "更新"']);
    const change = { [now]: IP_PHONE_PASSWORD, [next]: NEXT_IP_PHONE_PASSWORD };
    await press(page, '更新', { ...change, [`${next}（確認用）`]: NEXT_IP_PHONE_PASSWORD });
    await expectPage(page, 'IP加入電話パスワード変更の確認', 'まだ変更されていません');
    expect(await page.getByText(/月\d+日 \d+:\d\dから.*\d+:\d\dまで/).count()).toBe(1);
    await expectSuitsEverybody(page, ['button "確定"', 'link "変更しない"']);
    await press(page, '確定');
    await expectPage(page, 'IP加入電話パスワード変更', '変更が完了しました', '電話を利用できない時間');
    await expectSuitsEverybody(page, ['link "メニューへ戻る"']);
  });
});
