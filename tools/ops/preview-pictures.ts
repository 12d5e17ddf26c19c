import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../browser/launch-chromium.ts';
import { GALLERY_WIDTH, type PreviewedMail } from './preview-pages.ts';

/** The views of a mail: phone and PC, in light and dark mode. */
const VIEWS = [
  { name: 'phone-light', width: 375, colorScheme: 'light' },
  { name: 'phone-dark', width: 375, colorScheme: 'dark' },
  { name: 'pc-light', width: 800, colorScheme: 'light' },
  { name: 'pc-dark', width: 800, colorScheme: 'dark' },
] as const;

/** Takes screenshots of all mails in one view, one after the other in the same browser page. */
async function takeView(
  browser: Browser,
  out: string,
  files: readonly string[],
  view: (typeof VIEWS)[number],
) {
  // Set on the page, because a headless window is never narrower than 500 px.
  const page = await browser.newPage({
    viewport: { width: view.width, height: 600 },
    deviceScaleFactor: 2,
    colorScheme: view.colorScheme,
  });
  for (const file of files) {
    await page.goto(pathToFileURL(join(out, `${file}.html`)).href);
    await page.screenshot({ path: join(out, `${file}.${view.name}.png`), fullPage: true });
  }
  await page.close();
}

async function takeGallery(browser: Browser, out: string, html: string) {
  const file = join(out, 'gallery.html');
  writeFileSync(file, html);
  const page = await browser.newPage({ viewport: { width: GALLERY_WIDTH, height: 600 } });
  await page.goto(pathToFileURL(file).href);
  await page.screenshot({ path: join(out, 'gallery.png'), fullPage: true });
  await page.close();
}

/** Takes a screenshot of every mail in every view, next to its HTML, and one of the gallery if its page is given. */
export async function takePictures(
  program: string,
  out: string,
  mails: readonly PreviewedMail[],
  gallery: string | undefined,
): Promise<void> {
  const files = mails.map(({ file }) => file);
  const browser = await launchChromium(program);
  try {
    await Promise.all(VIEWS.map((view) => takeView(browser, out, files, view)));
    if (gallery !== undefined) await takeGallery(browser, out, gallery);
  } finally {
    await browser.close();
  }
}
