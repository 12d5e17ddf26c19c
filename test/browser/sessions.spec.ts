import type { Page } from 'playwright-core';
import { arrive, expectPage, follow, logIn, press } from './journey.ts';
import { NEXT_PASSWORD, openSite, PASSWORD, type GivenLine } from './site-scene.ts';
import { expectAccessible, expectNoSidewaysScroll, expectTargetsToTouch } from './view-checks.ts';
import { visit, type Visit } from './visit.ts';

const site = await openSite();

const TOP = 'ひかり電話設定サイトトップ';
const CHANGE = {
  現在のパスワード: PASSWORD,
  新しいパスワード: NEXT_PASSWORD,
  '新しいパスワード（確認）': NEXT_PASSWORD,
};

async function enter(given?: GivenLine): Promise<Visit & { readonly number: string }> {
  const [number] = await site.line(given);
  const visitor = await visit(site.url, { width: 375 });
  await logIn(visitor.page, number);
  return { ...visitor, number };
}

describe('A12 who is logged out is told why:', () => {
  it('by another login, which wins at once', async () => {
    const { page, number } = await enter();
    const other = await visit(site.url, { width: 1280 });
    await logIn(other.page, number);
    await expectPage(other.page, TOP);
    await follow(page, 'パスワード変更');
    await expectPage(page, 'ログイン', '同じ電話番号で新しくログインがあったため、ログアウトしました。');
    await follow(other.page, 'パスワード変更');
    await expectPage(other.page, 'パスワード変更');
  });

  it('when nothing was done for 30 minutes', async () => {
    const { page, number } = await enter();
    await site.idle(number);
    await follow(page, 'サービス選択');
    await expectPage(page, 'ログイン', '一定時間操作がなかったため、ログアウトしました。');
  });

  it('after 12 hours', async () => {
    const { page, number } = await enter();
    await site.turn(number, (account) => ({
      ...account,
      session: account.session && { ...account.session, startedAt: Date.now() - 12 * 3_600_000 },
    }));
    await follow(page, 'サービス選択');
    await expectPage(page, 'ログイン', '12時間が過ぎたため、ログアウトしました。');
  });

  it('by a new password in another tab, where a form of the old one changes nothing', async () => {
    const { page, newTab, number } = await enter();
    const tab = await newTab();
    for (const one of [page, tab]) await one.goto('/password');
    await press(tab, 'パスワード変更', CHANGE);
    await expectPage(tab, 'パスワード変更', 'パスワードを変更しました。');
    await press(page, 'パスワード変更', CHANGE);
    await expectPage(page, 'ログイン');
    await press(page, 'ログイン', { 電話番号: number, パスワード: NEXT_PASSWORD });
    await expectPage(page, 'パスワード変更');
  });

  it('by a new password on another device', async () => {
    const { page, number } = await enter({ unit: 'administrator-user', numbers: 2 });
    const user = `03${Number(number.slice(2)) + 1}`;
    const other = await visit(site.url, { width: 375 });
    await logIn(other.page, user);
    await page.goto(`/password/${user}`);
    await press(page, 'パスワード変更', CHANGE);
    await expectPage(page, 'パスワード変更', 'パスワードを変更しました。');
    await other.page.reload();
    await expectPage(other.page, 'ログイン', 'パスワードが変更されたため、ログアウトしました。');
  });
});

describe('A12 leads back:', () => {
  it('to the page that was asked for', async () => {
    const [number] = await site.line();
    const { page } = await visit(site.url, { width: 375 });
    await page.goto('/line/fault-notice');
    await expectPage(page, 'ログイン');
    await press(page, 'ログイン', { 電話番号: number, パスワード: 'chigau00x' });
    await press(page, 'ログイン', { 電話番号: number, パスワード: PASSWORD });
    await expectPage(page, '故障・回復通知機能');
  });

  it('Back after log-out shows nothing of what was there', async () => {
    const { page, number } = await enter();
    await page.goto('/password');
    await press(page, 'ログアウト');
    await expectPage(page, 'ログイン', 'ログアウトしました。');
    await arrive(page, () => page.goBack());
    await expectPage(page, 'ログイン');
    expect(await page.locator('body').innerText()).not.toContain(number.slice(-4));
  });

  it('Back after a form that was refused, and one that was taken, sends nothing again', async () => {
    const { page } = await enter({ unit: 'administrator-user', numbers: 2 });
    await page.goto('/unit');
    await press(page, '電話番号単位');
    await press(page, '認証単位変更', { パスワード: 'chigau00x' });
    await arrive(page, () => page.goBack());
    await expectPage(page, '認証単位変更', 'パスワードを入力してください。');
    await press(page, '認証単位変更', { パスワード: PASSWORD });
    await press(page, '確定');
    await expectPage(page, '認証単位変更', '認証単位を変更しました。');
    await page.reload();
    await expectPage(page, '認証単位変更', '認証単位を変更しました。');
    await arrive(page, () => page.goBack());
    // The change is done, and nothing waits to be confirmed any more.
    await expectPage(page, '認証単位変更', '現在の認証単位：電話番号単位');
  });
});

describe('Two tabs at once', () => {
  it('A6 a change confirmed in one is not done again by the other', async () => {
    const { page, newTab } = await enter();
    const tab = await newTab();
    await page.goto('/unit/number');
    await press(page, '認証単位変更', { パスワード: PASSWORD });
    await tab.goto('/unit/confirm');
    await press(page, '確定');
    await expectPage(page, '認証単位変更', '認証単位を変更しました。');
    await press(tab, '確定');
    await expectPage(tab, '認証単位変更', '現在の認証単位：電話番号単位');
  });

  it('A8 may each be on a page of its own', async () => {
    const { page, newTab } = await enter();
    const tab = await newTab();
    await page.goto('/one-time-password');
    await tab.goto('/unit/number');
    await press(page, '次へ', { ワンタイムパスワードを利用する: true });
    await press(tab, '認証単位変更', { パスワード: PASSWORD });
    await expectPage(page, 'ワンタイムパスワード利用情報仮登録');
    await expectPage(tab, '認証単位変更の確認');
  });
});

describe('A12 the end of an idle session', () => {
  const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'まもなくログアウトします' });

  async function enterWithClock(): Promise<Page> {
    const [number] = await site.line();
    const { page } = await visit(site.url, { width: 375 });
    await page.clock.install();
    await logIn(page, number);
    await page.goto('/password');
    return page;
  }

  it('is announced two minutes before, and prolonged with what was typed', async () => {
    const page = await enterWithClock();
    await page.getByLabel('現在のパスワード').fill('typed');
    await page.clock.fastForward('27:55');
    expect(await dialogOf(page).isVisible()).toBe(false);
    await page.clock.fastForward('00:10');
    await dialogOf(page).getByText('2分').waitFor();
    await page.setViewportSize({ width: 320, height: 800 });
    await expectNoSidewaysScroll(page);
    await expectTargetsToTouch(page);
    await expectAccessible(page);
    await dialogOf(page).getByRole('button', { name: '利用を続ける' }).click();
    await dialogOf(page).waitFor({ state: 'hidden' });
    expect(await page.getByLabel('現在のパスワード').inputValue()).toBe('typed');
    await page.clock.fastForward('27:55');
    expect(await dialogOf(page).isVisible()).toBe(false);
  });

  it('sends no form again that the page was the answer to', async () => {
    const page = await enterWithClock();
    await press(page, 'パスワード変更', { ...CHANGE, 現在のパスワード: 'chigau00x' });
    await page.getByRole('alert').getByRole('link').click();
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await arrive(page, () => page.clock.fastForward('31:00'));
    await expectPage(page, 'パスワード変更');
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(posts).toEqual([]);
  });

  it('comes with a page that says why', async () => {
    const [number] = await site.line();
    const { page } = await visit(site.url, { width: 375 });
    await page.clock.install();
    await logIn(page, number);
    await page.clock.fastForward('29:00');
    await dialogOf(page).getByText('秒').waitFor();
    await site.idle(number);
    await arrive(page, () => page.clock.fastForward('01:10'));
    await expectPage(page, 'ログイン', '一定時間操作がなかったため、ログアウトしました。');
  });
});
