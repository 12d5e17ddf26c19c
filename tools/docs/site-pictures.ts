import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { takePictures, withPictures, type PagePicture } from './take-picture.ts';

type Say = (text: string) => void;

const FOLDER = 'docs/images/site';
const WIDTHS = [375, 1280] as const;
const SCHEMES = ['light', 'dark'] as const;
const HEIGHT = 800;

/** Presses a button of the demo's site, with fields filled in by their labels, and waits for the page that comes. */
async function press(
  page: Page,
  button: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value);
  await Promise.all([
    page.waitForEvent('load'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
}

async function logIn(page: Page, number: string, password: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto('/login');
  await press(page, 'ログイン', { 電話番号: number, パスワード: password });
}

/** The logins are those that the demo offers. */
const PICTURES: readonly PagePicture[] = [
  { name: 'login', open: (page) => page.goto('/login') },
  { name: 'first-login', open: (page) => logIn(page, '0661113333', 'Tenshu2026') },
  {
    name: 'code',
    open: async (page) => {
      await logIn(page, '0453334444', 'Minato2026');
      await press(page, 'ワンタイムパスワードを送信');
    },
  },
  { name: 'menu', open: (page) => logIn(page, '0312345678', 'Yamada2026') },
  {
    name: 'password-refused',
    open: async (page) => {
      await page.goto('/password');
      await press(page, 'パスワード変更', {
        新しいパスワード: 'sakura77',
        '新しいパスワード（確認）': 'sakura78',
      });
    },
  },
  { name: 'unit', open: (page) => page.goto('/unit') },
];

/** Takes all pictures in one view; resolves with their paths. */
async function takeView(
  browser: Browser,
  siteUrl: string,
  width: (typeof WIDTHS)[number],
  colorScheme: (typeof SCHEMES)[number],
): Promise<readonly string[]> {
  const context = await browser.newContext({
    baseURL: siteUrl,
    viewport: { width, height: HEIGHT },
    colorScheme,
    locale: 'ja-JP',
  });
  return takePictures(context, PICTURES, (name) => path.join(FOLDER, `${name}-${width}-${colorScheme}.png`));
}

/** Takes pictures of the site at `siteUrl`, for phone and PC, light and dark; resolves with their paths. */
export async function takeSitePictures(siteUrl: string, say: Say): Promise<readonly string[]> {
  return withPictures(say, async (browser) => {
    const files: string[] = [];
    // One after the other: a number has one login at a time.
    for (const width of WIDTHS)
      for (const scheme of SCHEMES) files.push(...(await takeView(browser, siteUrl, width, scheme)));
    return files;
  });
}
