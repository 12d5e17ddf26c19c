import { load, type CheerioAPI } from 'cheerio';
import { NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import { formFields } from '../../../../../test/support/form-fields.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { FOREIGN, stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const CONDITIONS = `/numbers/${USER}/call-notice/conditions`;
const RECIPIENTS = `/numbers/${USER}/call-notice/recipients`;

let browser: SiteBrowser;
beforeEach(async () => {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
});

const pageOf = ({ text }: SiteAnswer): CheerioAPI => load(text);
const facts = ($: CheerioAPI, within: string): string[][] =>
  $(`${within} dl > div`)
    .toArray()
    .map((row) => [$(row).find('dt').text(), $(row).find('dd').text()]);
/** The form of a page as it is, with other fields. */
const formAt = async (path: string, fields: Record<string, string>): Promise<Record<string, string>> => ({
  ...formFields((await browser.get(path)).text),
  ...fields,
});

describe('V1 a page of a setting', () => {
  it('says whose it is, and where one is', async () => {
    const $ = pageOf(await browser.get(CONDITIONS));
    expect($('.login-number').text()).toBe('設定中の電話番号03-1234-5679');
    const trail = $('nav.trail a').toArray();
    expect(trail.map((link) => [$(link).text(), $(link).attr('href')])).toEqual([
      ['ひかり電話設定サイトトップ', '/menu'],
      ['電話番号選択', '/services/call-notice'],
      ['着信お知らせメール', `/numbers/${USER}/call-notice`],
    ]);
    expect($('nav.trail li[aria-current]').text()).toBe('メール送信条件設定');
  });

  it('leads to the choice of the service where there is one number', async () => {
    ({ browser } = await stage(site, { unit: 'number', own: USER, state: 'in' }));
    const $ = pageOf(await browser.get(CONDITIONS));
    const trail = $('nav.trail a').toArray();
    expect(trail.map((link) => $(link).text())).toContain('サービス選択');
    expect(trail.map((link) => $(link).text())).not.toContain('電話番号選択');
  });

  it('saves, leads back, and says what is stored then', async () => {
    const before = await browser.get(CONDITIONS);
    expect(pageOf(before)('[role=status]').length).toBe(0);
    const form = { ...formFields(before.text), unansweredOnly: 'on' };
    const { status, headers } = await browser.post(CONDITIONS, form);
    expect([status, headers.location]).toEqual([303, `${CONDITIONS}?saved`]);
    const $ = pageOf(await browser.get(headers.location ?? ''));
    expect($('[role=status] > p').text()).toBe('設定しました。');
    expect(facts($, '[role=status]')).toEqual([
      ['お知らせ対象電話番号からの着信のみお知らせする', 'オフ'],
      ['応答できなかった着信のみお知らせする', 'オン'],
    ]);
    expect((await site.settings.getNumber(USER))?.callNotice.unansweredOnly).toBe(true);
  });

  it('says nothing that a link could have put there', async () => {
    const { text } = await browser.get(`${CONDITIONS}?saved=%E8%B3%9E%E9%87%91`);
    expect(text).not.toContain('賞金');
  });

  it('keeps what other pages have set', async () => {
    await browser.post(RECIPIENTS, await formAt(RECIPIENTS, { address1: 'a@example.jp', send1: 'on' }));
    await browser.post(CONDITIONS, await formAt(CONDITIONS, { targetCallersOnly: 'on' }));
    expect((await site.settings.getNumber(USER))?.callNotice).toMatchObject({
      recipients: [{ address: 'a@example.jp', enabled: true }],
      targetCallersOnly: true,
    });
  });

  it('of an older version is 409, changes nothing, and shows both: what is set now and what was typed', async () => {
    const old = await formAt(RECIPIENTS, { address1: 'mine@example.jp', send1: 'on' });
    await browser.post(RECIPIENTS, await formAt(RECIPIENTS, { address1: 'theirs@example.jp' }));
    const answer = await browser.post(RECIPIENTS, old);
    const $ = pageOf(answer);
    expect(answer.status).toBe(409);
    expect($('title').text()).toMatch(/^エラー: /);
    expect($('[role=alert]').text()).toContain('ほかの画面で設定が変更されました');
    expect(facts($, 'section')).toEqual([['送信先メールアドレス1', 'theirs@example.jp（送信しない）']]);
    expect($('#address1').val()).toBe('mine@example.jp');
    expect((await site.settings.getNumber(USER))?.callNotice.recipients).toMatchObject([
      { address: 'theirs@example.jp' },
    ]);
    // Sent again it is meant: the page has the version of what it showed.
    expect((await browser.post(RECIPIENTS, formFields(answer.text))).status).toBe(303);
    expect((await site.settings.getNumber(USER))?.callNotice.recipients).toEqual([
      { address: 'mine@example.jp', enabled: true },
    ]);
  });

  it('that another one saves in the same moment is 409, too', async () => {
    const form = await formAt(CONDITIONS, { unansweredOnly: 'on' });
    const { settings } = site;
    const { callNotice } = (await settings.getNumber(USER))!;
    // Between the site's look at what is stored and its write.
    const look = settings.getSection.bind(settings);
    settings.getSection = async (number, section) => {
      const seen = await look(number, section);
      settings.getSection = look;
      await settings.putSection(USER, 'callNotice', { ...callNotice, targetCallersOnly: true });
      return seen;
    };
    const answer = await browser.post(CONDITIONS, form);
    expect(answer.status).toBe(409);
    expect(facts(pageOf(answer), 'section').map(([, value]) => value)).toEqual(['オン', 'オフ']);
    expect((await settings.getNumber(USER))?.callNotice.unansweredOnly).toBe(false);
  });

  it.each(['', 'v0', '*'])('is not saved on the version "%s"', async (version) => {
    const { status } = await browser.post(CONDITIONS, await formAt(CONDITIONS, { version }));
    expect(status).toBe(409);
  });

  it('that the rules refuse is 422, with what was typed, and can still not replace what came in between', async () => {
    const form = await formAt(RECIPIENTS, {
      address1: 'a@example.jp',
      address3: 'b.example.jp',
      send3: 'on',
    });
    const answer = await browser.post(RECIPIENTS, form);
    const $ = pageOf(answer);
    expect(answer.status).toBe(422);
    expect($('[role=alert] a').attr('href')).toBe('#address3');
    expect($('#address3-error').text()).toContain('@が含まれていません');
    expect(['#address1', '#address2', '#address3'].map((field) => $(field).val())).toEqual([
      'a@example.jp',
      '',
      'b.example.jp',
    ]);
    expect($('#send3').attr('checked')).toBeDefined();
    expect(formFields(answer.text)['version']).toBe(form['version']);
    expect((await site.settings.getNumber(USER))?.callNotice.recipients).toEqual([]);
  });

  it('is 404 for a number of others, one that left the line, and a service that is not contracted', async () => {
    for (const number of [FOREIGN, '0399999999', '03-1234-5679'])
      expect((await browser.get(`/numbers/${number}/call-notice/conditions`)).status).toBe(404);
    const [line, other] = site.scene.lines;
    site.scene.lines = [{ ...line!, services: { [USER]: ['fax-notice'] } }, other!];
    expect((await browser.get(CONDITIONS)).status).toBe(404);
    expect((await browser.post(CONDITIONS)).status).toBe(404);
    expect((await browser.get(`/numbers/${USER}/fax-notice`)).status).toBe(200);
    site.scene.lines = [line!];
    await site.settings.deleteLine(NUMBER);
    expect((await browser.get(CONDITIONS)).status).toBe(404);
    expect((await browser.post(CONDITIONS)).status).toBe(404);
  });
});
