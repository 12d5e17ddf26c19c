import path from 'node:path';
import type { Browser } from 'playwright-core';
import { DEMO_TOKEN } from '../demo/demo-environment.ts';
import { takePictures, withPictures, type PagePicture } from './take-picture.ts';

type Say = (text: string) => void;

const FOLDER = 'docs/images';
const HEIGHT = 800;
const VIEWS = [
  { width: 375, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
] as const;

/** The operator's pages that the documents show, and how a person comes to them from the login. */
const PICTURES: readonly PagePicture[] = [
  { name: 'ops-overview', open: (page) => page.goto('/ops') },
  {
    name: 'ops-story',
    open: async (page) => {
      await page.goto('/ops/outcomes');
      const told = page.getByRole('listitem').filter({ hasText: 'accepted' });
      await told.getByRole('link', { name: '経過を見る' }).first().click();
      await page.getByRole('heading', { name: 'イベントの経過' }).waitFor();
    },
  },
];

async function takeView(
  browser: Browser,
  url: string,
  { width, colorScheme }: (typeof VIEWS)[number],
): Promise<readonly string[]> {
  const viewport = { width, height: HEIGHT };
  const context = await browser.newContext({ baseURL: url, viewport, colorScheme, locale: 'ja-JP' });
  const login = await context.newPage();
  await login.goto('/ops/login');
  await login.getByLabel('トークン', { exact: true }).fill(DEMO_TOKEN);
  await Promise.all([
    login.waitForEvent('load'),
    login.getByRole('button', { name: 'ログイン', exact: true }).click(),
  ]);
  return takePictures(context, PICTURES, (name) => path.join(FOLDER, `${name}-${width}-${colorScheme}.png`));
}

/** Takes pictures of the operator's pages of the demo's settings API at `url`; resolves with their paths. */
export async function takeOpsPictures(url: string, say: Say): Promise<readonly string[]> {
  return withPictures(say, async (browser) => {
    const files: string[] = [];
    for (const view of VIEWS) files.push(...(await takeView(browser, url, view)));
    return files;
  });
}
