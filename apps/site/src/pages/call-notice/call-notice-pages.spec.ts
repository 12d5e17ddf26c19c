import { load, type CheerioAPI } from 'cheerio';
import { NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { formFields, sendForm } from '../../../../../test/support/form-fields.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const PATH = `/numbers/${USER}/call-notice`;
const TARGETS = `${PATH}/target-callers`;

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
});

const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);
const send = (path: string, fields: Record<string, string>): Promise<SiteAnswer> =>
  sendForm(browser, path, fields);
const stored = async () => (await site.settings.getNumber(USER))?.callNotice;

it('V1 the call notice shows what is set', async () => {
  const facts = async (): Promise<string[][]> => {
    const $ = $of(await browser.get(PATH));
    return $('dl > div')
      .toArray()
      .map((row) => [$(row).find('dt').text(), $(row).find('dd').text()]);
  };
  expect(await facts()).toEqual([
    ['サービス', '停止'],
    ['送信先メールアドレス', '設定されていません'],
    ['お知らせ対象電話番号からの着信のみお知らせする', 'オフ'],
    ['応答できなかった着信のみお知らせする', 'オフ'],
    ['お知らせ対象電話番号', '設定されていません'],
  ]);
  await send(`${PATH}/recipients`, { address1: 'a@example.jp', send1: 'on', address2: 'b@example.jp' });
  await send(`${PATH}/service`, { enabled: 'on' });
  await send(`${PATH}/conditions`, { targetCallersOnly: 'on', unansweredOnly: 'on' });
  await send(TARGETS, { caller1: '0451112222', chosen1: 'on', caller2: '0451112223' });
  expect(await facts()).toEqual([
    ['サービス', '開始'],
    ['送信先メールアドレス', '2件（うち送信するもの：1件）'],
    ['お知らせ対象電話番号からの着信のみお知らせする', 'オン'],
    ['応答できなかった着信のみお知らせする', 'オン'],
    ['お知らせ対象電話番号', '2件（うち指定するもの：1件）'],
  ]);
});

it.each([
  [{ targetCallersOnly: 'on' }, { targetCallersOnly: true, unansweredOnly: false }],
  [{ unansweredOnly: 'on' }, { targetCallersOnly: false, unansweredOnly: true }],
  [
    { targetCallersOnly: 'on', unansweredOnly: 'on' },
    { targetCallersOnly: true, unansweredOnly: true },
  ],
  [{}, { targetCallersOnly: false, unansweredOnly: false }],
])('C4 C5 the conditions are set by boxes: %j', async (fields, conditions) => {
  expect((await send(`${PATH}/conditions`, fields)).status).toBe(303);
  expect(await stored()).toMatchObject(conditions);
  const $ = $of(await browser.get(`${PATH}/conditions`));
  const labels = $('main form label').toArray();
  expect(labels.map((label) => $(label).text())).toEqual([
    'お知らせ対象電話番号からの着信のみお知らせする',
    '応答できなかった着信のみお知らせする',
  ]);
  expect(formFields($.html())).toMatchObject(fields);
});

it('C4 the conditions lead to the target callers while they are asked for and none is chosen', async () => {
  const ways = async (): Promise<(string | undefined)[]> => {
    const $ = $of(await browser.get(`${PATH}/conditions`));
    return $('main .warning a')
      .toArray()
      .map((link) => $(link).attr('href'));
  };
  expect(await ways()).toEqual([]);
  await send(`${PATH}/conditions`, { targetCallersOnly: 'on' });
  await send(TARGETS, { caller1: '0451112222' });
  expect(await ways()).toEqual([TARGETS]);
  await send(TARGETS, { chosen1: 'on' });
  expect(await ways()).toEqual([]);
});

describe('C4 the target callers', () => {
  it('are 30, each with its box', async () => {
    const $ = $of(await browser.get(TARGETS));
    const labels = $('main form label').toArray();
    expect(labels.map((label) => $(label).text())).toEqual(
      Array.from({ length: 30 }, (_, index) => [`発信者電話番号${index + 1}`, `指定${index + 1}`]).flat(),
    );
  });

  it('are saved as digits, in whatever way they are written, without empty rows', async () => {
    const typed = {
      caller1: '０３－１２３４－５６７８',
      chosen1: 'on',
      caller4: ' +1 415 555 0100',
      chosen9: 'on',
      caller30: '090-1234-5678',
      chosen30: 'on',
    };
    expect((await send(TARGETS, typed)).status).toBe(303);
    expect((await stored())?.targetCallers).toEqual([
      { number: '0312345678', enabled: true },
      { number: '+14155550100', enabled: false },
      { number: '09012345678', enabled: true },
    ]);
    const $ = $of(await browser.get(`${TARGETS}?saved`));
    expect(formFields($.html())).toMatchObject({ caller3: '09012345678', chosen3: 'on', caller4: '' });
    expect($('[role=status]').text()).toContain('03-1234-5678（指定する）');
  });

  it('keep their places while something is wrong, each with its own sentence', async () => {
    const typed = { caller2: '0312345678', caller7: '12', caller20: '03-1234-5678', chosen20: 'on' };
    const answer = await send(TARGETS, typed);
    const $ = $of(answer);
    expect(answer.status).toBe(422);
    expect(formFields(answer.text)).toMatchObject(typed);
    const links = $('[role=alert] a').toArray();
    expect(links.map((link) => $(link).attr('href'))).toEqual(['#caller7']);
    const again = $of(await send(TARGETS, { ...typed, caller7: '' }));
    expect(again('#caller20-error').text()).toContain('同じものがすでに入力されています');
    expect(again('#caller2-error').length).toBe(0);
  });
});
