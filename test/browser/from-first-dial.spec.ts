import { jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { NO_ACCOUNT } from '#access';
import { eventually } from '../support/eventually.ts';
import { mailsTo } from '../support/inbox.ts';
import { uniqueName } from '../support/unique-name.ts';
import { expectPage, follow, logIn, press } from './journey.ts';
import { CODE, LINK, mailed } from './mailed.ts';
import { PAIR, PASSWORD, TEMPORARY } from './site-scene.ts';
import { visit } from './visit.ts';
import { openWhole } from './whole-scene.ts';

// A person's whole way through the product, on a machine that may have other work.
jest.setTimeout(240_000);

const { site, story, api, voice, telephones } = await openWhole();

const TOP = 'ひかり電話設定サイトトップ';
const CALL_NOTICE = '着信お知らせメール';
const CONDITIONS = 'メール送信条件設定';
const UNANSWERED = '応答できなかった着信のみお知らせする';
const DESTINATION = '09055556666';

/** Somebody new, at a telephone of a line of one number. */
interface Person {
  readonly page: Page;
  readonly number: string;
  /** Where mails about calls go, and where codes go. */
  readonly address: string;
  readonly codes: string;
}

it('A2 A4 A8 C12 C5 V7 V6 V3 V5 leads from the first dial to mails in the inbox and a forwarded line', async () => {
  const [number] = await site.line({ account: NO_ACCOUNT });
  const { page } = await visit(site.url, { width: 375 });
  const [address, codes] = [uniqueName('hanako'), uniqueName('codes')].map((name) => `${name}@example.jp`);
  const person: Person = { page, number, address: address ?? '', codes: codes ?? '' };
  await dials(person);
  await changesPassword(person);
  await choosesOneTime(person);
  await setsAddress(person);
  await startsNotices(person);
  await isMailed(person);
  await triesConditions(person);
  await isNotMailedOfAnswered(person);
  await forwards(person);
  await isMailedOfForwarded(person);
  const mails = await mailsTo(person.address);
  expect(mails.map(({ subject }) => subject)).toEqual([
    expect.stringContaining('送信テスト'),
    `着信通知（${number}）`,
    `着信通知（${number}）`,
  ]);
});

async function dials({ page, number }: Person): Promise<void> {
  const heard = await voice.call(number, ['1', TEMPORARY, TEMPORARY]);
  expect(heard.at(-1)).toContain('仮パスワードの設定が完了しました');
  await logIn(page, number, TEMPORARY);
  await expectPage(page, 'パスワード変更', '仮パスワードでログインしました。');
}

async function changesPassword({ page, number }: Person): Promise<void> {
  await press(page, 'パスワード変更', {
    現在のパスワード: TEMPORARY,
    新しいパスワード: PASSWORD,
    '新しいパスワード（確認）': PASSWORD,
  });
  await follow(page, 'ログイン画面へ戻る');
  await press(page, 'ログイン', { 電話番号: number, パスワード: PASSWORD });
}

async function choosesOneTime({ page, codes }: Person): Promise<void> {
  await press(page, '次へ', { ワンタイムパスワードを利用する: true });
  await press(page, '次へ', {
    ワンタイムパスワード受信用メールアドレス: codes,
    確認用ID: PAIR.id,
    確認用パスワード: PAIR.password,
  });
  await press(page, '登録');
  const other = await visit(site.url, { width: 375 });
  await other.page.goto(await mailed(codes, LINK));
  await press(other.page, '本登録を完了する');
  await press(page, '次へ');
  await press(page, 'ワンタイムパスワードを送信');
  await press(page, '次へ', { ワンタイムパスワード: await mailed(codes, CODE) });
  await expectPage(page, TOP);
}

async function setsAddress({ page, address }: Person): Promise<void> {
  await follow(page, 'サービス選択');
  await follow(page, CALL_NOTICE);
  await follow(page, '送信先メールアドレス設定');
  await press(page, '送信テスト1', { 送信先メールアドレス1: address, 送信1: true });
  await expectPage(page, '送信先メールアドレス設定', `${address}へテストメールを送信しました。`);
  await mailed(address, /送信テスト/);
  await press(page, '設定');
  await expectPage(page, '送信先メールアドレス設定', '設定しました。', `${address}（送信する）`);
}

async function startsNotices({ page, number, address }: Person): Promise<void> {
  await follow(page, 'サービス開始／停止');
  await press(page, '設定', { 開始: true });
  await expectPage(page, 'サービス開始／停止', '設定しました。');
  const read = await api.ask('get', `/v1/numbers/${number}/call-notice`);
  expect(read.body).toMatchObject({ enabled: true, recipients: [{ address, enabled: true }] });
}

async function isMailed({ page, number, address }: Person): Promise<void> {
  await telephones.ring(number);
  await mailed(address, /着信状態:応答なし/);
  await readsHistory(page, '電話の着信', address, 'メールサーバーが受け取りました。');
}

async function triesConditions({ page }: Person): Promise<void> {
  await openNotice(page);
  await follow(page, CONDITIONS);
  await press(page, '設定', { [UNANSWERED]: true });
  await expectPage(page, CONDITIONS, '設定しました。');
  await follow(page, CALL_NOTICE);
  await follow(page, 'この設定を試す');
  await page.getByLabel('着信状態', { exact: true }).selectOption('通話');
  await press(page, '試す', { 発信者電話番号: '090-1234-5678' });
  await expectPage(page, 'この設定を試す', '応答された着信のため送信しません');
}

async function isNotMailedOfAnswered({ page, number }: Person): Promise<void> {
  const { id } = await telephones.ring(number, { outcome: 'answered' });
  expect(await story.outcomeOf(id)).toMatchObject({ reason: 'answered', recipients: [] });
  await readsHistory(page, `応答された着信のため送信していません（${UNANSWERED}：オン）。`);
  await follow(page, CONDITIONS);
  await expectPage(page, CONDITIONS);
  expect(await page.getByLabel(UNANSWERED).isChecked()).toBe(true);
}

async function forwards({ page, number }: Person): Promise<void> {
  await follow(page, TOP);
  await follow(page, 'ボイスワープ');
  await follow(page, '転送先電話番号設定');
  await press(page, '設定', { 転送先電話番号1: DESTINATION, 使用する1: true });
  await expectPage(page, '転送先電話番号設定', '設定しました。');
  await follow(page, '開始／停止設定');
  await press(page, '設定', { 開始: true, 無条件転送: true });
  await expectPage(page, '開始／停止設定', '設定しました。');
  const { destinations, destination } = await telephones.hear(
    'voice-warp',
    (told) => told.number === number && told.enabled,
  );
  expect(destinations[destination - 1]).toBe(DESTINATION);
  await eventually(async () => {
    await page.reload();
    return !(await page.locator('main').innerText()).includes('反映中');
  });
}

async function isMailedOfForwarded({ page, number, address }: Person): Promise<void> {
  const { id, outcome } = await telephones.ring(number);
  expect(outcome).toBe('forwarded');
  expect(await story.outcomeOf(id)).toMatchObject({ reason: 'notify', recipients: [{ address }] });
  await mailed(address, /着信状態:転送/);
  await openHistory(page);
  const calls = page.locator('main li', { hasText: '電話の着信' });
  await eventually(async () => (await page.reload()) && (await calls.count()) === 3);
  expect(await calls.first().innerText()).toContain(address);
}

/** Waits until the history says that: the newest may be a moment away. */
async function readsHistory(page: Page, ...words: readonly string[]): Promise<void> {
  await openHistory(page);
  await eventually(async () => {
    await page.reload();
    const text = await page.locator('main').innerText();
    return words.every((one) => text.includes(one));
  });
}

async function openHistory(page: Page): Promise<void> {
  await page.goto('/menu');
  await follow(page, 'お知らせ履歴');
}

async function openNotice(page: Page): Promise<void> {
  await page.goto('/menu');
  await follow(page, CALL_NOTICE);
}
