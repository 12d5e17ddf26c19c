import type { Page } from 'playwright-core';
import { NO_ACCOUNT } from '#access';
import { arrive, expectPage, follow, logIn, press } from './journey.ts';
import { NEXT_PASSWORD, openSite, PASSWORD } from './site-scene.ts';
import { visit } from './visit.ts';

const site = await openSite();
const TOP = 'ひかり電話設定サイトトップ';

it('A1 A5 everything works without JavaScript: from the login to a new password and out', async () => {
  const [number] = await site.line({ account: { oneTime: NO_ACCOUNT.oneTime } });
  const { page } = await visit(site.url, { width: 320, javaScript: false });
  await page.goto('/');
  await press(page, 'ログイン');
  await press(page, 'ログイン', { 電話番号: number, パスワード: '' });
  await expectPage(page, 'ログイン', '入力内容をご確認ください', 'パスワードを入力してください。');
  await press(page, 'ログイン', { 電話番号: number, パスワード: PASSWORD });
  await press(page, '次へ', { ワンタイムパスワードを利用しない: true });
  await press(page, '同意する');
  await expectPage(page, TOP);
  await follow(page, 'パスワード変更');
  await press(page, 'パスワード変更', {
    現在のパスワード: PASSWORD,
    新しいパスワード: NEXT_PASSWORD,
    '新しいパスワード（確認）': NEXT_PASSWORD,
  });
  await follow(page, 'ログイン画面へ戻る');
  await press(page, 'ログイン', { 電話番号: number, パスワード: NEXT_PASSWORD });
  await expectPage(page, TOP);
  await press(page, 'ログアウト');
  await expectPage(page, 'ログイン', 'ログアウトしました。');
});

/** Presses Tab until the control of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const focused = page.locator(':focus');
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const told = (await focused.count()) > 0 ? await focused.ariaSnapshot() : '';
    if (told.includes(`"${name}"`)) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

it('A1 A6 everything works with the keyboard alone', async () => {
  const [number] = await site.line();
  const { page } = await visit(site.url, { width: 1280 });
  const enter = (): Promise<void> => arrive(page, () => page.keyboard.press('Enter'));
  await page.goto('/login');
  await tabTo(page, '電話番号');
  await page.keyboard.type(number);
  await page.keyboard.press('Tab');
  await enter();
  await expectPage(page, 'ログイン', 'パスワードを入力してください。');
  // The focus is on the summary: the next stop is the link to the field.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.type(PASSWORD);
  await enter();
  await expectPage(page, TOP);
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').textContent()).toBe('本文へ移動');
  await page.keyboard.press('Enter');
  await tabTo(page, '認証単位変更');
  await enter();
  await tabTo(page, '電話番号単位');
  await enter();
  await tabTo(page, 'パスワード');
  await page.keyboard.type(PASSWORD);
  await enter();
  await tabTo(page, '確定');
  await enter();
  await expectPage(page, '認証単位変更', '認証単位を変更しました。');
});

it('A1 a password can be shown, and is hidden again before it is sent', async () => {
  const { page } = await visit(site.url, { width: 375 });
  await page.goto('/login');
  const password = page.getByLabel('パスワード', { exact: true });
  await password.fill(PASSWORD);
  await page.getByRole('button', { name: '入力を表示' }).click();
  expect(await password.getAttribute('type')).toBe('text');
  // An answer without content leaves the page as it was when its form was sent.
  await page.route('**/login', (route) => route.fulfill({ status: 204 }));
  await Promise.all([
    page.waitForResponse('**/login'),
    page.getByRole('button', { name: 'ログイン' }).click(),
  ]);
  expect(await password.getAttribute('type')).toBe('password');
});

describe('A5 a password manager', () => {
  it('is led to the change of the password', async () => {
    const [number] = await site.line();
    const { page } = await visit(site.url, { width: 375 });
    await page.goto('/.well-known/change-password');
    await expectPage(page, 'ログイン');
    await press(page, 'ログイン', { 電話番号: number, パスワード: PASSWORD });
    await expectPage(page, 'パスワード変更');
    await page.goto('/.well-known/change-password');
    await expectPage(page, 'パスワード変更');
  });

  it('is told what each field is, and what the rules are', async () => {
    const [number] = await site.line();
    const { page } = await visit(site.url, { width: 375 });
    const told = async (label: string, ...names: readonly string[]) =>
      Promise.all(names.map((name) => page.getByLabel(label, { exact: true }).getAttribute(name)));
    await page.goto('/login');
    expect(await told('電話番号', 'autocomplete', 'inputmode')).toEqual(['username', 'tel']);
    expect(await told('パスワード', 'autocomplete', 'maxlength')).toEqual(['current-password', null]);
    await logIn(page, number);
    await page.goto('/password');
    expect(await page.locator('input[autocomplete="username"]').inputValue()).toBe(number);
    expect(await told('現在のパスワード', 'autocomplete')).toEqual(['current-password']);
    for (const label of ['新しいパスワード', '新しいパスワード（確認）'])
      expect(await told(label, 'autocomplete', 'passwordrules')).toEqual([
        'new-password',
        'minlength: 8; maxlength: 12; required: lower; required: digit; allowed: lower, upper, digit;',
      ]);
  });
});
