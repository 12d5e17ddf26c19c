import { putSelfCare, sendDueMessages, setIpPhonePassword } from '#access';
import { keepRepeating } from '#platform';
import { eventually } from '../../../../../test/support/eventually.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import {
  IP_PHONE,
  IP_PHONE_PASSWORD,
  NEXT_IP_PHONE_PASSWORD,
  stage,
} from '../../../../../test/support/site-somebody.ts';
import type { SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { MINUTE, NUMBER, SECOND } from '../../../../../libs/access/testing/access-scene.ts';

const PATH = '/self-care/ip-phone-password';
const TYPED = {
  number: IP_PHONE,
  current: IP_PHONE_PASSWORD,
  next: NEXT_IP_PHONE_PASSWORD,
  again: NEXT_IP_PHONE_PASSWORD,
};

const site = await startSiteInMemory();

/** Somebody logged in by self-care id, at a time of the 28th of November in Japan. */
async function selfCare(time: string, service: 'ip-phone' | 'b2bua' = 'b2bua'): Promise<SiteBrowser> {
  const { scene, browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'self-care' });
  const at = Date.parse(`2026-11-28T${time}+09:00`);
  // The login was made at midnight; it is kept awake until then.
  while (scene.now + 29 * MINUTE < at && scene.now < at) {
    scene.now += 29 * MINUTE;
    await browser.get('/self-care/menu');
  }
  scene.now = at;
  const profile = { brand: 'rakuten-mobile', numbers: [IP_PHONE], address: 's@example.jp' };
  await putSelfCare(scene.deps, 'taro', { ...profile, service });
  return browser;
}

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '');

describe('IP加入電話パスワード変更', () => {
  it('V4 says from when to when calls will not work, asks once more, and says it again afterwards', async () => {
    const browser = await selfCare('09:05:30');
    expect((await browser.get(PATH)).text).toContain(`value="${IP_PHONE}"`);
    const asked = await browser.post(PATH, TYPED);
    expect([asked.status, asked.headers.location]).toEqual([303, `${PATH}/confirm`]);
    const words = '11月28日 9:05から17:30まで';
    expect(textOf((await browser.get(`${PATH}/confirm`)).text)).toContain(words);
    const done = await browser.post(`${PATH}/confirm`);
    expect([done.status, done.headers.location]).toEqual([303, `${PATH}/changed`]);
    const { text } = await browser.get(`${PATH}/changed`);
    expect(text).toMatch(/role="status"><p>IP加入電話パスワードの変更が完了しました。/);
    expect(textOf(text)).toContain(words);
    expect(textOf((await browser.get(PATH)).text)).toContain(words);
  });

  it('V4 of the IP phone service says a quarter of an hour, never less', async () => {
    const browser = await selfCare('09:05:30', 'ip-phone');
    await browser.post(PATH, TYPED);
    expect(textOf((await browser.get(`${PATH}/confirm`)).text)).toContain('11月28日 9:05から9:21まで');
  });

  it('V4 asks again when the time has come for a later row of the table', async () => {
    const browser = await selfCare('01:59:50');
    await browser.post(PATH, TYPED);
    const [, until = ''] = /name="until" value="(\d+)"/.exec((await browser.get(`${PATH}/confirm`)).text)!;
    site.scene.now += 20 * SECOND;
    const again = await browser.post(`${PATH}/confirm`, { until });
    expect(again.status).toBe(200);
    expect(textOf(again.text)).toContain('11月28日 2:00から17:30まで');
    const [, later = ''] = /name="until" value="(\d+)"/.exec(again.text)!;
    expect((await browser.post(`${PATH}/confirm`, { until: later })).status).toBe(303);
  });

  it('V5 says 反映中 until Kafka has the command', async () => {
    const browser = await selfCare('09:05:00');
    await browser.post(PATH, TYPED);
    await browser.post(`${PATH}/confirm`);
    for (const path of [PATH, `${PATH}/changed`])
      expect((await browser.get(path)).text).toMatch(/role="status"><p>反映中です/);
    const closing = new AbortController();
    const { signal } = closing;
    const telling = keepRepeating(() => sendDueMessages(site.scene.deps), {
      everyMs: 1_000,
      signal,
      onTrouble: () => undefined,
    });
    await eventually(async () => !(await browser.get(PATH)).text.includes('反映中'));
    closing.abort();
    await telling;
    for (const path of [PATH, `${PATH}/changed`])
      expect((await browser.get(path)).text).not.toContain('反映中');
    expect(site.scene.commands).toMatchObject([{ number: IP_PHONE }]);
  });

  it.each([
    ['no number', { number: '' }, 'number', '電話番号を入力'],
    [
      'a number of somebody else',
      { number: '05099999999' },
      'number',
      '変更できるIP加入電話番号ではありません',
    ],
    ['no current one', { current: '' }, 'current', '現IP加入電話パスワードを入力'],
    ['a wrong current one', { current: 'Wrong000' }, 'current', '正しくない'],
    ['a short new one', { next: 'abc', again: 'abc' }, 'next', '8文字で入力'],
    ['the current one', { next: IP_PHONE_PASSWORD, again: IP_PHONE_PASSWORD }, 'next', '同じです'],
    ['two that differ', { again: 'Momiji84' }, 'again', '一致しません'],
  ])('V4 refuses %s, and shows no password again', async (_, wrong, field, words) => {
    const browser = await selfCare('09:05:00');
    const { status, text } = await browser.post(PATH, { ...TYPED, ...wrong });
    expect(status).toBe(422);
    expect(text).toMatch(new RegExp(`id="${field}-error">[^<]*${words}`));
    for (const password of [IP_PHONE_PASSWORD, NEXT_IP_PHONE_PASSWORD]) expect(text).not.toContain(password);
  });

  it('V4 takes a number as people type it', async () => {
    const browser = await selfCare('09:05:00');
    const typed = { ...TYPED, number: '０５０－１２３４－５６７８' };
    expect((await browser.post(PATH, typed)).status).toBe(303);
  });

  it('V4 says so when nobody has made the current password known', async () => {
    const browser = await selfCare('09:05:00');
    const profile = { brand: 'rakuten-mobile', address: 's@example.jp', service: 'b2bua' } as const;
    await putSelfCare(site.scene.deps, 'taro', { ...profile, numbers: ['05011112222'] });
    const { status, text } = await browser.post(PATH, { ...TYPED, number: '05011112222' });
    expect([status, text.includes('現在のパスワードの登録が済んでいない')]).toEqual([422, true]);
  });

  it('A3 V4 a guess that comes too early is 429', async () => {
    const browser = await selfCare('09:05:00');
    Object.assign(site.scene, { deps: { ...site.scene.deps, waits: [5_000] } });
    for (let index = 0; index < 3; index += 1) await browser.post(PATH, { ...TYPED, current: 'Wrong000' });
    const { status, headers } = await browser.post(PATH, TYPED);
    expect([status, headers['retry-after']]).toEqual([429, '5']);
    await setIpPhonePassword(site.scene.deps, IP_PHONE, IP_PHONE_PASSWORD);
    expect((await browser.post(PATH, TYPED)).status).toBe(303);
  });

  it('V4 there is nothing to confirm, and nothing was done, before something was asked', async () => {
    const browser = await selfCare('09:05:00');
    for (const path of [`${PATH}/confirm`, `${PATH}/changed`])
      expect((await browser.get(path)).headers.location).toBe(PATH);
    expect((await browser.post(`${PATH}/confirm`)).headers.location).toBe(`${PATH}?unchanged`);
  });

  it('V4 says that nothing was changed when the current one was replaced meanwhile', async () => {
    const browser = await selfCare('09:05:00');
    await browser.post(PATH, TYPED);
    await setIpPhonePassword(site.scene.deps, IP_PHONE, 'Momiji84');
    const { headers } = await browser.post(`${PATH}/confirm`);
    const { text } = await browser.get(headers.location ?? '');
    expect(text).toMatch(/role="status"><p>IP加入電話パスワードは変更されていません。/);
    expect((await browser.get(PATH)).text).not.toContain('変更されていません');
  });

  it('V4 confirmed twice still says when it was changed', async () => {
    const browser = await selfCare('09:05:00');
    await browser.post(PATH, TYPED);
    await browser.post(`${PATH}/confirm`);
    const { headers } = await browser.post(`${PATH}/confirm`);
    const { text } = await browser.get(headers.location ?? '');
    expect(textOf(text)).toContain('11月28日 9:05から17:30まで');
    expect(text).not.toContain('変更されていません');
  });

  it('O5 V4 no page and no log has a password', async () => {
    const browser = await selfCare('09:05:00');
    await browser.post(PATH, TYPED);
    const pages = [await browser.get(`${PATH}/confirm`), await browser.post(`${PATH}/confirm`)];
    const seen = [...pages.map(({ text }) => text), ...site.log].join();
    for (const password of [IP_PHONE_PASSWORD, NEXT_IP_PHONE_PASSWORD]) expect(seen).not.toContain(password);
  });
});
