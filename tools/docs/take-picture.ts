import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { installChromium } from '../browser/install-chromium.ts';
import { installJapaneseFont } from '../browser/install-japanese-font.ts';
import { launchChromium } from '../browser/launch-chromium.ts';
import { palettePng, type Picture } from './palette-png.ts';

/** Takes pictures in a Chromium that has Japanese letters, and closes it; resolves with what `take` does. */
export async function withPictures<T>(
  say: (text: string) => void,
  take: (browser: Browser) => Promise<T>,
): Promise<T> {
  await installJapaneseFont(say);
  const browser = await launchChromium(await installChromium(say));
  try {
    return await take(browser);
  } finally {
    await browser.close();
  }
}

/** A page, and how a person comes to it. */
export interface PagePicture {
  readonly name: string;
  readonly open: (page: Page) => Promise<unknown>;
}

/**
 * Takes the pictures one after the other, into files named after them and the view, and closes the context. Resolves with
 * their paths.
 */
export async function takePictures(
  context: BrowserContext,
  pictures: readonly PagePicture[],
  fileOf: (name: string) => string,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { name, open } of pictures) {
    const page = await context.newPage();
    await open(page);
    await writePicture(page, fileOf(name));
    files.push(fileOf(name));
  }
  await context.close();
  return files;
}

/** Writes a picture of a whole page into a file, and closes the page. */
export async function writePicture(page: Page, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, palettePng(await takePicture(page)));
  await page.close();
}

/** Takes a screenshot of a whole page and unpacks it, in a blank page of the same browser. */
async function takePicture(page: Page): Promise<Picture> {
  const png = (await page.screenshot({ fullPage: true })).toString('base64');
  await page.goto('about:blank');
  const { width, height, base64 } = await page.evaluate<{
    width: number;
    height: number;
    base64: string;
  }>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png}';
    await image.decode();
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(image, 0, 0);
    const pixels = canvas.getImageData(0, 0, width, height).data;
    return { width, height, base64: new Uint8Array(pixels.buffer).toBase64() };
  })()`);
  return { width, height, pixels: Buffer.from(base64, 'base64') };
}
