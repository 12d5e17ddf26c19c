import type { Page } from 'playwright-core';
import { press } from './journey.ts';

/** What a person's browser saves of ダウンロード. */
export async function downloadedCsv(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'ダウンロード' }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString();
}

/** Chooses a file and asks for its preview. */
export async function previewCsv(page: Page, text: string): Promise<void> {
  const file = { name: '設定.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.getByLabel('CSVファイル').setInputFiles(file);
  await press(page, '確認');
}
