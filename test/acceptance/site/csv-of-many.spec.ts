import { parse } from 'csv-parse/sync';
import { NO_ACCOUNT, type Line } from '#access';
import { EMPTY_CALL_NOTICE } from '#rules';
import { checkDurability, createSettingsRepository } from '#redis';
import { keysOf, openRedis } from '../../integration/redis-for-test.ts';
import { closeLater } from '../../support/close-later.ts';
import { eventually } from '../../support/eventually.ts';
import type { SiteAnswer, SiteBrowser } from '../../support/site-browser.ts';
import { openSiteGround, PASSWORD } from '../../support/site-ground.ts';
import { uploadForm } from '../../support/upload-form.ts';

const ground = await openSiteGround();
const redis = await openRedis({ keyPrefix: ground.prefix });
const repository = createSettingsRepository(redis, () => checkDurability(redis));
closeLater(() => repository.close());

const CALLS = '/services/call-notice/csv';
const TRANSFER = '/line/bulk-transfer/csv';
const ONE_TIME = '/one-time-password/csv';

/** A line of so many numbers, and a browser that has logged in with its line number. */
async function enter(count: number): Promise<{ line: Line; browser: SiteBrowser }> {
  const { lineNumber, brand } = await ground.line({ oneTime: { ...NO_ACCOUNT.oneTime, use: false } });
  const more = Array.from({ length: count - 1 }, () => `06${(serial += 1)}`);
  const line = { lineNumber, brand, numbers: [lineNumber, ...more] };
  await repository.putLine({ ...line, contractor: '' });
  const browser = ground.browser();
  expect((await browser.post('/login', { number: lineNumber, password: PASSWORD })).headers.location).toBe(
    '/menu',
  );
  return { line, browser };
}
let serial = 20_000_000;

const rowsOf = ({ text }: SiteAnswer): string[][] => parse(text, { bom: true });
const csv = (rows: readonly string[][]): string =>
  rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n');
async function send(browser: SiteBrowser, path: string, text: string): Promise<SiteAnswer> {
  const { body, headers } = uploadForm(text);
  return browser.post(path, body, headers);
}
const set = (browser: SiteBrowser, path: string, { text }: SiteAnswer): Promise<SiteAnswer> =>
  browser.post(`${path}/set`, { upload: /name="upload" value="([^"]+)"/.exec(text)?.[1] ?? '' });

/** How many numbers a preview shows; quicker than a parser, before the connection is closed. */
const rowsIn = ({ text }: SiteAnswer): number => text.split('<dt>').length - 1;

/** Prints how long something took. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await work();
  console.log(`${what}: ${Math.round(performance.now() - begun)} ms`);
  return result;
}

/** A full row of each number: five recipients and thirty callers. */
function fullRow(header: readonly string[], number: string): string[] {
  return header.map((column) => {
    const place = /\d+$/.exec(column)?.[0] ?? '';
    if (column === '電話番号') return number;
    if (column.startsWith('アドレス')) return `member-${place}-${number}@example.jp`;
    if (column.startsWith('対象') && place !== '') return `0901234${place.padStart(4, '0')}`;
    return '1';
  });
}

describe('C14 a CSV of 1,000 numbers', () => {
  it('of call notices is previewed and set', async () => {
    const { line, browser } = await enter(1000);
    const [header = []] = rowsOf(
      await timed('1,000 call notices, download', () => browser.get(`${CALLS}/file`)),
    );
    const full = csv([header, ...line.numbers.map((number) => fullRow(header, number))]);
    const preview = await timed('1,000 full call notices, checked and previewed', () =>
      send(browser, CALLS, full),
    );
    expect([preview.status, rowsIn(preview)]).toEqual([200, 1000]);
    const done = await timed('1,000 full call notices, set', () => set(browser, CALLS, preview));
    expect(done.status).toBe(303);
    const stored = await repository.getCallNotices(line.numbers);
    expect(stored.size).toBe(1000);
    for (const [number, { value }] of stored)
      expect([value.recipients[4]?.address, value.targetCallers.length]).toEqual([
        `member-5-${number}@example.jp`,
        30,
      ]);
    // Nothing of it is left behind.
    await eventually(async () => (await redis.client.hlen(`${ground.prefix}{edits}`)) === 0);
    expect((await keysOf(redis)).filter(({ key }) => key.includes('upload:'))).toEqual([]);
  });

  it('that are as long as the rules allow is taken as it was downloaded', async () => {
    const { line, browser } = await enter(1000);
    const [header = []] = rowsOf(await browser.get(`${CALLS}/file`));
    const longest = csv([header, ...line.numbers.map((number) => longestRow(header, number))]);
    console.log(`the longest file: ${Buffer.byteLength(longest)} bytes`);
    const preview = await timed('the longest file, checked and previewed', () =>
      send(browser, CALLS, longest),
    );
    expect([preview.status, rowsIn(preview)]).toEqual([200, 1000]);
    expect((await timed('the longest file, set', () => set(browser, CALLS, preview))).status).toBe(303);
    const { text } = await browser.get(`${CALLS}/file`);
    const again = await send(browser, CALLS, text);
    expect(again.text).toContain('現在の設定と同じです');
  });

  it('of destinations is previewed and set', async () => {
    const { line, browser } = await enter(1000);
    const rows = line.numbers.map((number, index) => [number, `0901234${String(index).padStart(4, '0')}`]);
    const text = csv([['電話番号', '転送先電話番号'], ...rows]);
    const preview = await timed('1,000 destinations, checked and previewed', () =>
      send(browser, TRANSFER, text),
    );
    expect((await timed('1,000 destinations, set', () => set(browser, TRANSFER, preview))).status).toBe(303);
    const { value } = (await repository.getBulkTransfer(line.lineNumber)) ?? {};
    expect(value?.destinations).toEqual(Object.fromEntries(rows));
  });

  it('A11 of one-time passwords with more is refused, and set with 100 new passwords', async () => {
    const { line, browser } = await enter(1000);
    const [header = []] = rowsOf(await browser.get(`${ONE_TIME}/file`));
    const row = (number: string): string[] => [
      number,
      '1',
      `u${number}@example.jp`,
      'Kakunin77',
      'sumire31w',
    ];
    const text = csv([header, ...line.numbers.map(row)]);
    const refused = await timed('1,000 one-time passwords, checked and refused', () =>
      send(browser, ONE_TIME, text),
    );
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('102行目「確認用パスワード」');
    const some = await send(browser, ONE_TIME, csv([header, ...line.numbers.slice(0, 100).map(row)]));
    expect([some.status, rowsIn(some)]).toEqual([200, 100]);
    expect(
      (await timed('100 new confirmation passwords, set', () => set(browser, ONE_TIME, some))).status,
    ).toBe(303);
    const [, second = ''] = line.numbers;
    expect((await ground.account(line, second)).oneTime).toMatchObject({
      use: true,
      address: `u${second}@example.jp`,
    });
  });
});

/** What is noted of edits that are not over. */
const edits = (): Promise<string[]> => redis.client.hvals(`${ground.prefix}{edits}`);
const isNew = async (known: readonly string[], state: string): Promise<boolean> =>
  (await edits()).some((edit) => edit.includes(state) && !known.includes(edit));

/** A row as long as the rules allow: a character that is escaped in front, and nothing that is short. */
function longestRow(header: readonly string[], number: string): string[] {
  const domain = `${`${'d'.repeat(61)}.`.repeat(3)}jpn`;
  return header.map((column) => {
    const place = (/\d+$/.exec(column)?.[0] ?? '').padStart(4, '0');
    if (column === '電話番号') return number;
    if (column.startsWith('アドレス')) {
      // 63 characters before the @, and 253 in all.
      return `'${`+${number}-${place}-`.padEnd(63, 'x')}@${domain}`;
    }
    if (column.startsWith('対象') && column !== '対象のみ') return `0901234${place}`;
    return '1';
  });
}

describe('C14 what is set by CSV while others set the same', () => {
  it('is all of it or nothing, whoever comes in between', async () => {
    const { line, browser } = await enter(60);
    const seen = { set: 0, refused: 0 };
    for (let round = 0; round < 12; round += 1) {
      const rows = rowsOf(await browser.get(`${CALLS}/file`));
      const [header = []] = rows;
      const next = rows.map((row, index) =>
        index === 0 ? row : fullRow(header, row[0] ?? '').with(2, String(round % 2)),
      );
      const preview = await send(browser, CALLS, csv(next));
      const number = line.numbers[(round * 7) % 60] ?? '';
      const before = await repository.getCallNotices(line.numbers);
      const other = { ...(before.get(number)?.value ?? EMPTY_CALL_NOTICE), unansweredOnly: false };
      const known = await edits();
      const write = () => repository.putSection(number, 'callNotice', other);
      // At first before it is set, which is refused. Then in turn while it is compared, while it is under way, and as soon as it is decided.
      const begin = [async () => true, () => isNew(known, 'preparing'), () => isNew(known, 'committed')][
        round % 3
      ];
      const early = round === 0 ? await write() : undefined;
      let isOver = false;
      const setting = set(browser, CALLS, preview).finally(() => (isOver = true));
      while (!isOver && !(await begin?.()));
      const single = early ?? (await write());
      const answer = await setting;
      expect(single.kind).toBe('written');
      const after = await repository.getCallNotices(line.numbers);
      const isChanged = (one: string): boolean => before.get(one)?.version !== after.get(one)?.version;
      const rest = line.numbers.filter((one) => one !== number);
      const asked = rest.filter((one) => {
        const at = rows.findIndex(([first]) => first === one);
        return next[at]?.join() !== rows[at]?.join();
      });
      const isSet = answer.status === 303;
      expect(rest.filter(isChanged)).toEqual(isSet ? asked : []);
      seen[isSet ? 'set' : 'refused'] += 1;
      // What was written before it was refused, and what came after its decision changed nothing of it.
      if (round === 0) expect(answer.status).toBe(409);
      if (round % 3 === 2) expect(answer.status).toBe(303);
    }
    expect(seen.set).toBeGreaterThan(0);
    expect(seen.refused).toBeGreaterThan(0);
    console.log(`a CSV beside another writer: ${seen.set} set, ${seen.refused} refused`);
  });

  it('is one of two files that are set at the same moment', async () => {
    const { line, browser } = await enter(30);
    const other = browser.copied();
    const [header = []] = rowsOf(await browser.get(`${TRANSFER}/file`));
    const to = (start: string) =>
      csv([header, ...line.numbers.map((number, index) => [number, `${start}${10 + index}`])]);
    const preview = await send(browser, TRANSFER, to('09011110'));
    const answers = await Promise.all([set(browser, TRANSFER, preview), set(other, TRANSFER, preview)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409]);
  });
});
