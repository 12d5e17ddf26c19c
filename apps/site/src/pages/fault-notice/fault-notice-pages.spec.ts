import { load, type CheerioAPI } from 'cheerio';
import { NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { sendForm } from '../../../../../test/support/form-fields.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const PATH = '/line/fault-notice';

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'administrator-user', own: NUMBER, state: 'in' }));
});

const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);
const send = (path: string, fields: Record<string, string>): Promise<SiteAnswer> =>
  sendForm(browser, path, fields);
const stored = async () => (await site.settings.getFaultNotice(NUMBER))?.value;

it('R1 the mails’ text is set, one line each', async () => {
  const path = `${PATH}/mail-text`;
  expect((await send(path, { contractorName: ' 山田商店 ', location: '本社ビル3階' })).status).toBe(303);
  expect(await stored()).toMatchObject({ contractorName: '山田商店', location: '本社ビル3階' });
  const $ = $of(await browser.get(`${path}?saved`));
  expect($('[role=status] dd').text()).toBe('山田商店本社ビル3階');
  const labels = $('main form label').toArray();
  expect(labels.map((label) => $(label).text())).toEqual(['契約者名', '拠点情報']);
});

it.each([
  [{ contractorName: '山'.repeat(101) }, '#contractorName', '文字数が多すぎます'],
  [{ location: '本社\nビル' }, '#location', '使えない文字'],
])('R1 text that no mail can have is refused', async (fields, field, sentence) => {
  const answer = await send(`${PATH}/mail-text`, fields);
  const $ = $of(answer);
  expect([answer.status, $('[role=alert] a').attr('href')]).toEqual([422, field]);
  expect($(`${field}-error`).text()).toContain(sentence);
});

it.each([
  ['auto-start', 'autoStartTransfer', '一括転送自動開始設定'],
  ['auto-stop', 'autoStopTransfer', '一括転送自動停止設定'],
] as const)('R3 %s is a switch of its own', async (name, key, heading) => {
  const path = `${PATH}/${name}`;
  const $ = $of(await browser.get(path));
  expect($('h1').text()).toBe(heading);
  expect($('main').text()).toContain('この設定は、サービスの開始中に働きます');
  expect((await send(path, { [key]: 'on' })).status).toBe(303);
  expect(await stored()).toMatchObject({ autoStartTransfer: false, autoStopTransfer: false, [key]: true });
  expect($of(await browser.get(`${path}?saved`))('[role=status] dd').text()).toBe('開始');
  expect((await send(path, { [key]: 'off' })).status).toBe(303);
  expect(await stored()).toMatchObject({ [key]: false });
});

it('A1 R1 is set by who may set the line, and by nobody else', async () => {
  for (const somebody of [{ unit: 'number' }, { unit: 'administrator-user' }] as const) {
    ({ browser } = await stage(site, { ...somebody, own: USER, state: 'in' }));
    expect((await browser.get(PATH)).status).toBe(404);
    expect((await browser.post(`${PATH}/service`, { enabled: 'on' })).status).toBe(404);
  }
  ({ browser } = await stage(site, { unit: 'number', own: NUMBER, state: 'in' }));
  expect((await browser.get(PATH)).status).toBe(200);
});
