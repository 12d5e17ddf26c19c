import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import type { Page } from 'playwright-core';
import { open } from '#events';
import { eventually } from '../support/eventually.ts';
import { STORY_KEY } from '../support/story.ts';
import { uniqueName } from '../support/unique-name.ts';
import { downloadedCsv, previewCsv } from './csv-file.ts';
import { expectPage, follow, logIn, press } from './journey.ts';
import { CODE, mailed } from './mailed.ts';
import { IP_PHONE_PASSWORD, NEXT_IP_PHONE_PASSWORD, PASSWORD, type GivenLine } from './site-scene.ts';
import { visit } from './visit.ts';
import { openWhole } from './whole-scene.ts';

// Each is a way over many pages, on a machine that may have other work.
jest.setTimeout(120_000);

const { site, story, telephones } = await openWhole();

const START = 'サービス開始／停止';
const RECIPIENTS = '送信先メールアドレス設定';
const TRANSFER = '一括転送機能';
const DESTINATION = '0698765432';
const newAddress = (): string => `${uniqueName('hanako')}@example.jp`;

interface Entered {
  readonly page: Page;
  readonly numbers: readonly [string, ...string[]];
}

/** Logs in on a line like that. */
async function enter(given: GivenLine = {}): Promise<Entered> {
  const numbers = await site.line(given);
  const { page } = await visit(site.url, { width: 375 });
  await logIn(page, numbers[0]);
  return { page, numbers };
}

/** Presses 設定, and expects that it was. */
async function set(page: Page, fields: Readonly<Record<string, string | true>>): Promise<void> {
  await press(page, '設定', fields);
  expect(await page.getByRole('status').allInnerTexts()).toContainEqual(
    expect.stringContaining('設定しました。'),
  );
}

/** Starts a notice that goes to an address, from the top page on. */
async function startNotice(page: Page, service: string, address: string): Promise<void> {
  await follow(page, service);
  await follow(page, RECIPIENTS);
  await set(page, { 送信先メールアドレス1: address, 送信1: true });
  await follow(page, service);
  await follow(page, START);
  await set(page, { 開始: true });
}

/** Gives the line number a destination of the bulk transfer, from the top page on. */
async function setDestination(page: Page): Promise<void> {
  await follow(page, TRANSFER);
  await follow(page, '転送先電話番号の設定');
  await set(page, { 転送先電話番号1: DESTINATION });
}

/** Waits until the switch knows where to forward a line's calls. */
const hearsDestination = (lineNumber: string): Promise<unknown> =>
  telephones.hear(
    'bulk-transfer-settings',
    (told) => told.lineNumber === lineNumber && told.destinations[lineNumber] === DESTINATION,
  );

it('F1 F2 a FAX that arrives is mailed, listed, and its PDF opened and saved', async () => {
  const { page, numbers } = await enter();
  const address = newAddress();
  await startNotice(page, 'FAXお知らせメール', address);
  const documentId = uniqueName('f');
  await telephones.run('fax', '--called-number', numbers[0], '--document-id', documentId);
  await mailed(address, /FAX/);
  await follow(page, 'FAXお知らせメール');
  await follow(page, '受信FAX内容確認');
  const named = (name: RegExp) => page.getByRole('link', { name });
  await eventually(async () => (await page.reload()) && (await named(/^開く /).count()) === 1);
  const [download] = await Promise.all([page.waitForEvent('download'), named(/^保存 /).click()]);
  expect(await readFile(await download.path(), 'latin1')).toMatch(/^%PDF-/);
  const [answer] = await Promise.all([
    page.context().waitForEvent('response', (one) => one.url().endsWith(documentId)),
    named(/^開く /).click(),
  ]);
  expect([answer.status(), answer.headers()]).toMatchObject([
    200,
    { 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' },
  ]);
  expect(answer.headers()['content-disposition']).toMatch(/^inline/);
});

it('R1 R3 a fault is mailed, and starts the bulk transfer that was to start by itself', async () => {
  const { page, numbers } = await enter();
  const [lineNumber] = numbers;
  const [address, faultId] = [newAddress(), uniqueName('flt')];
  await setDestination(page);
  await page.goto('/menu');
  await startNotice(page, '故障・回復通知機能', address);
  await follow(page, '故障・回復通知機能');
  await follow(page, '一括転送自動開始設定');
  await set(page, { 開始: true });
  await hearsDestination(lineNumber);
  await telephones.run('fault', '--line-number', lineNumber, '--fault-id', faultId);
  await mailed(address, /故障/);
  const command = await telephones.hear('bulk-transfer', (told) => told.lineNumber === lineNumber);
  expect(command).toMatchObject({ action: 'start', because: faultId });
  expect(await telephones.ring(lineNumber)).toMatchObject({ outcome: 'forwarded' });
});

it('V2 V5 a subscriber starts the bulk transfer, and stops it', async () => {
  const { page, numbers } = await enter({ numbers: 2 });
  const [lineNumber] = numbers;
  await setDestination(page);
  await hearsDestination(lineNumber);
  for (const [choice, action, outcome] of [
    ['開始', 'start', 'forwarded'],
    ['停止', 'stop', 'unanswered'],
  ] as const) {
    await follow(page, TRANSFER);
    await follow(page, 'サービス開始／停止設定');
    await press(page, '設定', { [choice]: true });
    if (choice === '開始') await press(page, '確定');
    await expectPage(page, 'サービス開始／停止設定', '設定しました。');
    await telephones.hear(
      'bulk-transfer',
      (told) => told.lineNumber === lineNumber && told.action === action && told.because === 'subscriber',
    );
    expect(await telephones.ring(lineNumber)).toMatchObject({ outcome });
  }
});

it('V4 A14 another password of an IP phone comes to the switch, sealed', async () => {
  const address = newAddress();
  const { id, ipPhone } = await site.selfCare({ address });
  const { page } = await visit(site.url, { width: 375 });
  await page.goto('/self-care');
  await press(page, 'ログイン', { セルフケアID: id, セルフケアパスワード: PASSWORD });
  await press(page, '次へ', { 認証コード: await mailed(address, CODE) });
  await follow(page, 'IP加入電話パスワード変更');
  await press(page, '更新', {
    IP加入電話番号: ipPhone,
    現IP加入電話パスワード: IP_PHONE_PASSWORD,
    新IP加入電話パスワード: NEXT_IP_PHONE_PASSWORD,
    '新IP加入電話パスワード（確認用）': NEXT_IP_PHONE_PASSWORD,
  });
  await press(page, '確定');
  await expectPage(page, 'IP加入電話パスワード変更', '変更が完了しました');
  const command = await telephones.hear('ip-phone-password', ({ number }) => number === ipPhone);
  expect(JSON.stringify(command)).not.toContain(NEXT_IP_PHONE_PASSWORD);
  const secret = { password: NEXT_IP_PHONE_PASSWORD };
  expect(open(command.sealed, command.id, [STORY_KEY])).toEqual({ ok: true, secret });
  expect(command.effectiveAt).toBeGreaterThan(command.at);
});

it('C14 the next call obeys what a CSV has set', async () => {
  const { page, numbers } = await enter({ unit: 'administrator-user', numbers: 3 });
  const [lineNumber, changed = ''] = numbers;
  const address = newAddress();
  await follow(page, '着信お知らせメール');
  await follow(page, '一括設定');
  const [header = '', ...rows] = (await downloadedCsv(page)).split('\r\n');
  const set = rows.map((row) =>
    row.includes(changed) ? row.replace('"0","0","0","",""', `"1","0","1","${address}","1"`) : row,
  );
  await previewCsv(page, [header, ...set].join('\r\n'));
  await expectPage(page, '着信お知らせメールの一括設定の確認', '1件の電話番号の設定が変わります。');
  await press(page, '一括設定');
  await expectPage(page, '着信お知らせメールの一括設定', 'CSVファイルの内容を設定しました。');
  const reasonOf = async (number: string, outcome: 'answered' | 'unanswered'): Promise<string> => {
    const { id } = await telephones.ring(number, { lineNumber, outcome });
    return (await story.outcomeOf(id)).reason;
  };
  expect(await reasonOf(changed, 'unanswered')).toBe('notify');
  await mailed(address, /着信状態:応答なし/);
  expect(await reasonOf(changed, 'answered')).toBe('answered');
  expect(await reasonOf(lineNumber, 'unanswered')).toBe('service-off');
});
