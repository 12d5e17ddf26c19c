import { load } from 'cheerio';
import { tellNews } from '#settings';
import { NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { eventually } from '../../../../../test/support/eventually.ts';
import { formFields, sendForm } from '../../../../../test/support/form-fields.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const PATH = `/numbers/${USER}/voice-warp`;

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
});

const send = (page: string, fields: Record<string, string>): Promise<SiteAnswer> =>
  sendForm(browser, `${PATH}/${page}`, fields);
const stored = async () => (await site.settings.getSection(USER, 'voiceWarp'))?.value;

async function factsAt(path: string): Promise<string[]> {
  const $ = load((await browser.get(path)).text);
  return $('main dl > div')
    .toArray()
    .map((row) => `${$(row).find('dt').text()}：${$(row).find('dd').text()}`);
}

const errorAt = ({ status, text }: SiteAnswer, field: string): [number, string] => [
  status,
  load(text)(`#${field}-error`).text(),
];

it('V3 the page shows what is set, and leads to where it is set', async () => {
  const { text } = await browser.get(PATH);
  const $ = load(text);
  expect($('h1').text()).toBe('ボイスワープ');
  expect(
    $('main .links a')
      .toArray()
      .map((link) => $(link).text()),
  ).toEqual(['開始／停止設定', '転送先電話番号設定', 'セレクト機能開始／停止設定', 'セレクト機能リスト設定']);
  expect(await factsAt(PATH)).toEqual([
    '転送：停止',
    '転送条件：無条件転送',
    '転送先電話番号：設定されていません',
    'セレクト機能：停止',
    'セレクト機能リスト：0件',
  ]);
  await send('destinations', { destination2: '０６－９８７６－５４３２', inUse: '2' });
  const hint = async (): Promise<string> =>
    load((await browser.get(`${PATH}/destinations`)).text)('main .help a').text();
  expect(await hint()).toBe('開始／停止設定');
  await send('service', { enabled: 'on', condition: 'no-answer', ringSeconds: '３０' });
  expect(await hint()).toBe('');
  await send('select-list', { caller3: '090-1234-5678' });
  await send('select', { mode: 'forward-listed' });
  expect(await factsAt(PATH)).toEqual([
    '転送：開始',
    '転送条件：無応答時転送（呼出秒数：30秒）',
    '転送先電話番号1：なし',
    '転送先電話番号2：06-9876-5432（使用する）',
    '転送先電話番号3：なし',
    '転送先電話番号4：なし',
    'セレクト機能：登録番号転送',
    'セレクト機能リスト：1件',
  ]);
  expect(await stored()).toEqual({
    enabled: true,
    condition: 'no-answer',
    ringSeconds: 30,
    destinations: [null, '0698765432', null, null],
    destination: 2,
    select: { mode: 'forward-listed', callers: ['09012345678'] },
  });
});

it.each([
  [
    'service',
    ['開始', '停止', '無条件転送', '無応答時転送', '話中時転送', '無応答時・話中時転送', '呼出秒数'],
  ],
  ['destinations', [1, 2, 3, 4].flatMap((row) => [`転送先電話番号${row}`, `使用する${row}`])],
  ['select', ['停止', '登録番号転送', '登録番号着信']],
  ['select-list', Array.from({ length: 30 }, (_, index) => `登録電話番号${index + 1}`)],
])('V3 %s has the controls by their names', async (page, names) => {
  const $ = load((await browser.get(`${PATH}/${page}`)).text);
  expect(
    $('main form label')
      .toArray()
      .map((label) => $(label).text()),
  ).toEqual(names);
  expect($('main form button').text()).toBe('設定');
});

describe('V3 the start', () => {
  it('needs the destination in use, and leads to where it is set', async () => {
    await send('destinations', { destination1: '0698765432', inUse: '2' });
    const answer = await send('service', { enabled: 'on' });
    expect(errorAt(answer, 'enabled')).toEqual([422, expect.stringContaining('転送先電話番号の設定が必要')]);
    expect(load(answer.text)('main .warning a').attr('href')).toBe(`${PATH}/destinations`);
    await send('destinations', { inUse: '1' });
    expect((await send('service', { enabled: 'on' })).status).toBe(303);
  });

  it('keeps the destination in use', async () => {
    await send('destinations', { destination1: '0698765432' });
    await send('service', { enabled: 'on' });
    expect(errorAt(await send('destinations', { destination1: '' }), 'destination1')).toEqual([
      422,
      expect.stringContaining('転送先電話番号の設定が必要'),
    ]);
  });
});

describe('V3 the seconds that it rings', () => {
  it.each(['', '4', '61', '20.5', '二十', '-5'])('are 5 to 60, not %j', async (ringSeconds) => {
    const answer = await send('service', { condition: 'no-answer-or-busy', ringSeconds });
    expect(errorAt(answer, 'ringSeconds')).toEqual([422, expect.stringContaining('5秒から60秒')]);
    expect(formFields(answer.text)).toMatchObject({ ringSeconds, condition: 'no-answer-or-busy' });
  });

  it('are only of conditions that wait for an answer', async () => {
    await send('service', { condition: 'no-answer', ringSeconds: '5' });
    expect(await stored()).toMatchObject({ ringSeconds: 5 });
    await send('service', { condition: 'busy', ringSeconds: 'いくつでも' });
    expect(await stored()).not.toHaveProperty('ringSeconds');
  });
});

it.each([
  [USER, '転送元の電話番号は、転送先にできません'],
  ['110', '0から始まる'],
  ['+81312345678x', '数字で入力'],
])('V3 %s is no destination, and what was typed is still there', async (typed, words) => {
  const answer = await send('destinations', { destination3: typed });
  expect(errorAt(answer, 'destination3')).toEqual([422, expect.stringContaining(words)]);
  expect(formFields(answer.text)).toMatchObject({ destination3: typed });
});

describe('V3 Select', () => {
  it('says that nobody is listed, and leads to the list', async () => {
    const wayToList = async () =>
      load((await browser.get(`${PATH}/select`)).text)('main .warning a').attr('href');
    expect(await wayToList()).toBe(`${PATH}/select-list`);
    await send('select-list', { caller1: '09012345678' });
    expect(await wayToList()).toBeUndefined();
  });

  it.each([
    ['off', ''],
    ['forward-listed', 'どの着信も転送されません'],
    ['ring-listed', 'すべての着信が転送されます'],
  ])('that is %s says on the page of the list what an empty list means', async (mode, words) => {
    const warning = async (): Promise<string> =>
      load((await browser.get(`${PATH}/select-list?saved`)).text)('main .warning').text();
    await send('select-list', { caller1: '09012345678' });
    await send('select', { mode });
    expect(await warning()).toBe('');
    await send('select-list', { caller1: '' });
    expect(await warning()).toMatch(words === '' ? /^$/ : words);
  });

  it('needs a choice', async () => {
    const { mode: _, ...form } = formFields((await browser.get(`${PATH}/select`)).text);
    expect((await browser.post(`${PATH}/select`, form)).status).toBe(422);
  });

  it('lists no caller twice', async () => {
    await send('select-list', { caller1: '09012345678', caller9: '+81 90-1234-5678' }).then((answer) =>
      expect(errorAt(answer, 'caller9')).toEqual([422, expect.stringContaining('同じもの')]),
    );
  });
});

it('V5 says 反映中 until the switch is told', async () => {
  const isUnderWay = async (page: string): Promise<boolean> =>
    load((await browser.get(`${PATH}${page}`)).text)('main [role=status]')
      .text()
      .includes('反映中');
  const closing = new AbortController();
  const kafka = Promise.withResolvers<undefined>();
  const { outbox } = site.settings;
  const telling = tellNews(
    { outbox, publisher: { publish: () => kafka.promise }, now: Date.now },
    closing.signal,
  );
  const pages = ['', '/destinations?saved', '/select'];
  for (const page of pages) expect([page, await isUnderWay(page)]).toEqual([page, false]);
  await send('destinations', { destination1: '0698765432' });
  for (const page of pages) expect([page, await isUnderWay(page)]).toEqual([page, true]);
  kafka.resolve(undefined);
  await eventually(async () => !(await isUnderWay('')));
  for (const page of pages) expect([page, await isUnderWay(page)]).toEqual([page, false]);
  closing.abort();
  await telling;
});
