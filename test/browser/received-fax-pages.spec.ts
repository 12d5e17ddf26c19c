import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { encodeEvent, type FaxEvent } from '#events';
import { openFaxDocuments } from '#fax-documents';
import { createReceivedFaxes } from '#redis';
import { putFaxPages } from '../../apps/switch/src/fax-pages.ts';
import { openRedis } from '../integration/redis-for-test.ts';
import { closeLater } from '../support/close-later.ts';
import { uniqueName } from '../support/unique-name.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { arrive, expectPage, follow, logIn } from './journey.ts';
import { openSite } from './site-scene.ts';
import { visit } from './visit.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'faxes-'));
closeLater(() => rm(folder, { recursive: true, force: true }));
const prefix = `${uniqueName('faxes')}.`;
const site = await openSite({ REDIS_KEY_PREFIX: prefix, FAX_DOCUMENTS_URL: pathToFileURL(folder).href });
const faxes = createReceivedFaxes(await openRedis({ keyPrefix: prefix }));
const documents = openFaxDocuments({ FAX_DOCUMENTS_URL: { kind: 'folder', folder } });

const HEADING = '受信FAX内容確認';
const HOUR = 3_600_000;

/** Receives a FAX, with its page unless said. */
async function receive(number: string, hoursAgo: number, more: Partial<FaxEvent> = {}): Promise<FaxEvent> {
  const fax: FaxEvent = {
    kind: 'fax',
    source: '/switch/1',
    id: uniqueName('fax'),
    at: Date.now() - hoursAgo * HOUR,
    lineNumber: number,
    calledNumber: number,
    sender: { number: '0698765432' },
    pages: 3,
    complete: true,
    documentId: uniqueName('f'),
    ...more,
  };
  await faxes.keep([fax]);
  return fax;
}

async function putPage({
  source,
  id,
  at,
  documentId,
  calledNumber,
  sender,
  pages,
  complete,
}: FaxEvent): Promise<void> {
  const receivedAt = new Date(at).toISOString();
  const data = { lineNumber: calledNumber, calledNumber, sender, receivedAt, pages, complete, documentId };
  await putFaxPages(documents, [encodeEvent({ type: 'fax.v1', source, id, time: at, key: null, data })]);
}

/** Logs in on a line of one number. */
async function enter(): Promise<{ page: Page; number: string }> {
  const [number] = await site.line();
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, number);
  return { page, number };
}

const link = (page: Page, text: string, index = 0) =>
  page.getByRole('link', { name: new RegExp(`^${text} `) }).nth(index);

describe('F2 the FAXes that a number received', () => {
  it('are listed from the menu on, by day, and suit everybody', async () => {
    const { page, number } = await enter();
    await follow(page, 'FAXお知らせメール');
    await follow(page, HEADING);
    await expectPage(page, HEADING, '設定中の電話番号', '受信したFAXはありません');
    await expectSuitsEverybody(page, ['link "FAXお知らせメールへ戻る"']);
    await receive(number, 30, { sender: { withheld: 'P' }, pages: 1, complete: false });
    await receive(number, 2);
    await receive(number, 1, { sender: { number: '+14155550100' }, pages: 12 });
    await page.reload();
    await expectPage(
      page,
      HEADING,
      '06-9876-5432',
      '非通知（ユーザー拒否）',
      '1枚（途中で切断）',
      '国際電話',
    );
    expect(await page.getByRole('heading', { level: 2 }).count()).toBeGreaterThan(1);
    await expectSuitsEverybody(page, ['link "FAXお知らせメールへ戻る"']);
  });

  it('are opened and saved as PDFs; one that the store does not have is told', async () => {
    const { page, number } = await enter();
    const there = await receive(number, 1);
    await putPage(there);
    await receive(number, 2);
    await page.goto(`/numbers/${number}/fax-notice/received`);
    const [download] = await Promise.all([page.waitForEvent('download'), link(page, '保存').click()]);
    expect(download.suggestedFilename()).toMatch(/^fax-\d{8}-\d{6}\.pdf$/);
    const stored = await readFile(path.join(folder, `${there.documentId}.pdf`));
    expect(stored.equals(await readFile(await download.path()))).toBe(true);
    const [answer] = await Promise.all([
      page.context().waitForEvent('response', (one) => one.url().endsWith(there.documentId)),
      link(page, '開く').click(),
    ]);
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf']);
    await page.goto(`/numbers/${number}/fax-notice/received`);
    await arrive(page, () => link(page, '開く', 1).click());
    await expectPage(page, 'FAXの内容が見つかりません', '保存期間が過ぎた');
    await expectSuitsEverybody(page, [`link "${HEADING}へ戻る"`]);
  });

  it('go on to the next page where there are many', async () => {
    const { page, number } = await enter();
    for (let index = 0; index < 51; index += 1) await receive(number, index / 10);
    await page.goto(`/numbers/${number}/fax-notice/received`);
    await expectPage(page, HEADING, '51件のうち、1～50件目です。');
    await expectSuitsEverybody(page, ['link "次の50件"']);
    await follow(page, '次の50件');
    await expectPage(page, HEADING, '51件のうち、51～51件目です。');
    await follow(page, '前の50件');
    await expectPage(page, HEADING, '51件のうち、1～50件目です。');
  });
});
