import type { Page } from 'playwright-core';
import { downloadedCsv, previewCsv } from './csv-file.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { expectPage, expectRefused, follow, logIn, press } from './journey.ts';
import { openSite } from './site-scene.ts';
import { visit } from './visit.ts';

const site = await openSite();
const OFFICE = { unit: 'administrator-user', numbers: 3 } as const;
const CHOOSE = ['link "ダウンロード"', 'button "CSVファイル"', 'button "確認"'];
const PREVIEW = ['button "一括設定"', 'link "設定しない"'];

/** Logs in with the number of an office, and opens a page. */
async function enter(path: string): Promise<{ page: Page; numbers: readonly string[] }> {
  const numbers = await site.line(OFFICE);
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, numbers[0]);
  await page.goto(path);
  return { page, numbers };
}

describe('A CSV suits everybody:', () => {
  it('C14 of call notices, down, up, previewed and set', async () => {
    const { page } = await enter('/services/call-notice/csv');
    const heading = '着信お知らせメールの一括設定';
    await expectPage(page, heading);
    await expectSuitsEverybody(page, CHOOSE);
    const csv = await downloadedCsv(page);
    const [header = '', ...rows] = csv.split('\r\n');
    const changed = rows.map((row) => row.replace('"0","0","0","",""', '"1","0","1","taro@example.jp","1"'));
    await previewCsv(page, [header, ...changed].join('\r\n'));
    await expectPage(
      page,
      `${heading}の確認`,
      '3件の電話番号の設定が変わります。',
      'アドレス1：なし → taro@example.jp',
    );
    await expectSuitsEverybody(page, PREVIEW);
    await press(page, '一括設定');
    await expectPage(page, heading, 'CSVファイルの内容を設定しました。');
    expect(await downloadedCsv(page)).toBe([header, ...changed].join('\r\n'));
  });

  it('V2 of destinations, with what is wrong in it', async () => {
    const { page, numbers } = await enter('/line/bulk-transfer/csv');
    const heading = '転送先電話番号の一括設定';
    await expectPage(page, heading);
    await previewCsv(page, `電話番号,転送先電話番号\n${numbers[1]},${numbers[0]}\n0399999999,0698765432`);
    await expectRefused(page, heading, '2行目「転送先電話番号」：');
    await expectSuitsEverybody(page, CHOOSE);
    await previewCsv(page, `電話番号,転送先電話番号\n${numbers[1]},0698765432`);
    await expectPage(page, `${heading}の確認`, '転送先電話番号：なし → 06-9876-5432');
    await follow(page, '設定しない');
    await expectPage(page, heading);
  });

  it('A11 of one-time passwords', async () => {
    const { page, numbers } = await enter('/menu');
    await follow(page, 'ワンタイムパスワード各種一括設定');
    const heading = 'ワンタイムパスワード各種一括設定';
    await expectPage(page, heading);
    await expectSuitsEverybody(page, CHOOSE);
    const header =
      '電話番号,ワンタイムパスワード利用設定,ワンタイムパスワード受信用メールアドレス,確認用ID,確認用パスワード';
    await previewCsv(page, `${header}\n${numbers[1]},1,hanako@example.jp,Kakunin77,sumire31w`);
    await expectPage(page, `${heading}の確認`, '確認用パスワード：変更します');
    await expectSuitsEverybody(page, PREVIEW);
  });
});
