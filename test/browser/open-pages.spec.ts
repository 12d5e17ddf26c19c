import { startTestSite } from '../support/site.ts';
import { expectKeyboardReaches } from './expect-keyboard-reaches.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { visit } from './visit.ts';

const site = await startTestSite();

describe.each([
  ['/', 'ひかり電話設定サイト', ['button "ログイン"']],
  ['/login', 'ログイン', ['textbox "電話番号"', 'textbox "パスワード"', 'button "ログイン"']],
  ['/nowhere', 'ページが見つかりません', ['link "トップページ"', 'link "ログイン"']],
])('The page %s', (path, heading, controls) => {
  it('suits everybody', async () => {
    const { page } = await visit(site.url, { width: 375 });
    await page.goto(path);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
    await expectSuitsEverybody(page, controls);
  });

  it('has all its controls without JavaScript', async () => {
    const { page } = await visit(site.url, { width: 320, javaScript: false });
    await page.goto(path);
    await expectKeyboardReaches(page, controls);
  });
});

it('A1 the way to the login is a button, and Back returns', async () => {
  const { page } = await visit(site.url, { width: 375, javaScript: false });
  await page.goto('/');
  await page.getByRole('button', { name: 'ログイン' }).click();
  await page.getByRole('heading', { level: 1, name: 'ログイン' }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'ログイン' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/');
});
