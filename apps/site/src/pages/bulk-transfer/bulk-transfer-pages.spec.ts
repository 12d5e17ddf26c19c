import { load } from 'cheerio';
import { FOREIGN, stage } from '../../../../../test/support/site-somebody.ts';
import { NUMBER, OTHER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { formFields, sendForm } from '../../../../../test/support/form-fields.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';

const site = await startSiteInMemory();
const PATH = '/line/bulk-transfer';

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
});

const send = (page: string, fields: Record<string, string>): Promise<SiteAnswer> =>
  sendForm(browser, `${PATH}/${page}`, fields);
const stored = async () => (await site.settings.getBulkTransfer(NUMBER))?.value;
/** The starts and stops that wait to be told to the switch. */
const told = (): Promise<readonly string[]> =>
  site.settings.outbox.change(`bulk-transfer:${NUMBER}`, ({ commands }) => ({
    result: commands.map(({ action }) => action),
  }));
const textAt = async (page: string, selector: string): Promise<string> =>
  load((await browser.get(`${PATH}${page}`)).text)(selector).text();
const DESTINATION = { [`to-${USER}`]: '06-9876-5432' };

it('V2 the page shows what is set, and leads to where it is set', async () => {
  const $ = load((await browser.get(PATH)).text);
  expect($('h1').text()).toBe('一括転送機能');
  expect(
    $('main .links a')
      .toArray()
      .map((link) => [$(link).text(), $(link).attr('href')]),
  ).toEqual([
    ['サービス開始／停止設定', `${PATH}/service`],
    ['転送先電話番号の設定', `${PATH}/destinations`],
    ['転送先電話番号の一括設定', `${PATH}/csv`],
  ]);
  expect(
    $('main dd')
      .toArray()
      .map((one) => $(one).text()),
  ).toEqual(['停止', '設定されていません']);
  await send('destinations', DESTINATION);
  expect(await textAt('', 'main dd')).toContain('1件');
});

describe('V2 the destinations', () => {
  it('begin with the line number, and each row says whose it is', async () => {
    const $ = load((await browser.get(`${PATH}/destinations`)).text);
    const rows = $('main .row')
      .toArray()
      .map((row) => $(row).find('label, .support').text());
    expect(rows).toEqual([
      '転送先電話番号103-1234-5678 からの転送先',
      '転送先電話番号203-1234-5679 からの転送先',
      '転送先電話番号303-1234-5680 からの転送先',
    ]);
  });

  it('are set and taken away, each by itself', async () => {
    expect(
      (await send('destinations', { ...DESTINATION, [`to-${OTHER}`]: '０９０１２３４５６７８' })).status,
    ).toBe(303);
    expect(await stored()).toEqual({
      enabled: false,
      destinations: { [USER]: '0698765432', [OTHER]: '09012345678' },
    });
    expect(await textAt('/destinations?saved', '[role=status] dl')).toBe(
      '転送先電話番号203-1234-5679 から 06-9876-5432 へ転送転送先電話番号303-1234-5680 から 090-1234-5678 へ転送',
    );
    await send('destinations', { [`to-${USER}`]: ' ' });
    expect(await stored()).toEqual({ enabled: false, destinations: { [OTHER]: '09012345678' } });
  });

  it.each([
    [NUMBER, '同じ契約回線の電話番号は、転送先にできません'],
    ['119', '0から始まる'],
    ['+8112345678', '桁数が正しくありません'],
  ])('are not %s, and what was typed is still there', async (typed, words) => {
    const { status, text } = await send('destinations', { [`to-${USER}`]: typed });
    const $ = load(text);
    expect([status, $(`#to-${USER}-error`).text()]).toEqual([422, expect.stringContaining(words)]);
    expect([$('[role=alert] a').attr('href'), formFields(text)[`to-${USER}`]]).toEqual([
      `#to-${USER}`,
      typed,
    ]);
  });

  it('of somebody else’s number are none of the form', async () => {
    expect((await send('destinations', { [`to-${FOREIGN}`]: '0698765432' })).status).toBe(303);
    expect(await stored()).toEqual({ enabled: false, destinations: {} });
  });

  it('of an older version are 409, with both values', async () => {
    const form = formFields((await browser.get(`${PATH}/destinations`)).text);
    await send('destinations', DESTINATION);
    const answer = await browser.post(`${PATH}/destinations`, { ...form, [`to-${USER}`]: '0611111111' });
    expect([answer.status, load(answer.text)('main dl').text()]).toEqual([
      409,
      expect.stringContaining('06-9876-5432'),
    ]);
    expect(formFields(answer.text)[`to-${USER}`]).toBe('0611111111');
    expect((await browser.post(`${PATH}/destinations`, formFields(answer.text))).status).toBe(303);
    expect((await stored())?.destinations).toEqual({ [USER]: '0611111111' });
  });
});

describe('V2 the start', () => {
  it('A1 names no other number to a login that may set its own alone', async () => {
    ({ browser } = await stage(site, { unit: 'number', own: NUMBER, state: 'in' }));
    const destinations = { [NUMBER]: '0611112222', [USER]: '0633334444' };
    await site.settings.putBulkTransfer(NUMBER, { enabled: false, destinations });
    expect(await textAt('/start', 'main dl')).toBe(
      '転送する電話番号2件03-1234-567806-1111-2222 へ転送ほかの電話番号1件',
    );
  });

  it('is asked once more, with what would be forwarded where, and starts then', async () => {
    await send('destinations', DESTINATION);
    const asked = await send('service', { enabled: 'on' });
    expect([asked.status, asked.headers.location]).toEqual([303, `${PATH}/start`]);
    expect((await stored())?.enabled).toBe(false);
    const { text } = await browser.get(`${PATH}/start`);
    const $ = load(text);
    expect([$('main form button').text(), $('main dl').text()]).toEqual([
      '確定',
      '転送する電話番号1件03-1234-567906-9876-5432 へ転送',
    ]);
    const started = await browser.post(`${PATH}/start`, formFields(text));
    expect([started.status, started.headers.location]).toEqual([303, `${PATH}/service?saved`]);
    expect(await textAt('/service?saved', '[role=status]')).toContain('設定しました。一括転送開始');
    expect((await stored())?.enabled).toBe(true);
  });

  it('needs a destination, and leads to where they are set', async () => {
    const answer = await send('service', { enabled: 'on' });
    const $ = load(answer.text);
    expect([answer.status, $('#enabled-error').text()]).toEqual([
      422,
      expect.stringContaining('転送先電話番号の設定が必要'),
    ]);
    expect($('main .warning a').attr('href')).toBe(`${PATH}/destinations`);
    expect((await browser.get(`${PATH}/start`)).headers.location).toBe(`${PATH}/service`);
  });

  it('is asked about anew when the destinations have become others meanwhile', async () => {
    await send('destinations', DESTINATION);
    const form = formFields((await browser.get(`${PATH}/start`)).text);
    await send('destinations', { [`to-${USER}`]: '0611111111' });
    expect((await browser.post(`${PATH}/start`, form)).status).toBe(409);
    expect((await stored())?.enabled).toBe(false);
  });

  it('R3 is an order each time, and asked about each time: a recovery may have stopped it since', async () => {
    await send('destinations', DESTINATION);
    const before = await told();
    await send('start', {});
    expect((await send('service', { enabled: 'on' })).headers.location).toBe(`${PATH}/start`);
    expect(await textAt('/start', 'main .lead')).toContain('すでに「開始」に設定されています');
    await send('start', {});
    expect(await told()).toEqual([...before, 'start', 'start']);
  });

  it('R3 that a fault gave is ended by 停止, which is shown already; the page says so', async () => {
    const before = await told();
    expect(await textAt('/service', 'main .remarks')).toMatch(
      /自動で始まった転送.*表示されません.*「停止」を選び/,
    );
    expect((await send('service', {})).headers.location).toBe(`${PATH}/service?saved`);
    expect(await told()).toEqual([...before, 'stop']);
  });

  it('R3 is not ordered by who sets destinations', async () => {
    const before = await told();
    await send('destinations', DESTINATION);
    expect(await told()).toEqual(before);
  });

  it('is over at once when it is stopped', async () => {
    await send('destinations', DESTINATION);
    await send('start', {});
    expect((await stored())?.enabled).toBe(true);
    expect((await send('service', { enabled: 'off' })).headers.location).toBe(`${PATH}/service?saved`);
    expect((await stored())?.enabled).toBe(false);
  });
});

it('V5 says 反映中 on each of its pages as long as the switch is not told', async () => {
  for (const page of ['', '/service', '/destinations'])
    expect(await textAt(page, 'main [role=status]')).toBe('');
  await send('destinations', DESTINATION);
  for (const page of ['', '/service', '/start', '/destinations'])
    expect(await textAt(page, 'main [role=status]')).toContain('反映中');
});

it('A1 A13 is of who may set the line, where it is contracted', async () => {
  ({ browser } = await stage(site, { unit: 'administrator-user', own: USER, state: 'in' }));
  expect((await browser.get(PATH)).status).toBe(404);
  const { scene, browser: without } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
  scene.lines = scene.lines.map((line) => ({ ...line, services: { [NUMBER]: ['call-notice'] } }));
  for (const page of ['', '/service', '/start', '/search', '/destinations'])
    expect((await without.get(`${PATH}${page}`)).status).toBe(404);
});

describe('C14 V2 a line of a thousand numbers', () => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => `03${12_345_678 + index}`);
  beforeEach(async () => {
    const { scene, browser: opened } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
    browser = opened;
    scene.lines = [{ lineNumber: NUMBER, brand: 'ntt-east', numbers }];
    await site.settings.putLine({ lineNumber: NUMBER, brand: 'ntt-east', numbers, contractor: '' });
  });

  it('has 32 on a page, and keeps the destinations of the others', async () => {
    expect((await send('destinations/32', { 'to-0312346677': '0698765432' })).headers.location).toBe(
      `${PATH}/destinations/32?saved`,
    );
    await send('destinations', { [`to-${USER}`]: '0611111111' });
    expect((await stored())?.destinations).toEqual({ [USER]: '0611111111', '0312346677': '0698765432' });
    expect(await textAt('/destinations/32', 'main .row label')).toMatch(
      /^転送先電話番号993.*転送先電話番号1000$/,
    );
    for (const page of ['/destinations/33', '/destinations/0', '/destinations/x'])
      expect((await browser.get(`${PATH}${page}`)).status).toBe(404);
  });

  it('leads from page to page, and by a part of a number to its field', async () => {
    const $ = load((await browser.get(`${PATH}/destinations/2`)).text);
    expect(
      $('main .way a')
        .toArray()
        .map((link) => $(link).attr('href')),
    ).toEqual([`${PATH}/destinations/3`, `${PATH}/destinations/1`]);
    const found = load((await browser.get(`${PATH}/search?number=${encodeURIComponent('03*6677')}`)).text);
    expect(
      found('main .links a')
        .toArray()
        .map((link) => found(link).attr('href')),
    ).toEqual([`${PATH}/destinations/32#to-0312346677`]);
    expect(found('[role=status]').text()).toContain('1件の電話番号が見つかりました');
  });
});
