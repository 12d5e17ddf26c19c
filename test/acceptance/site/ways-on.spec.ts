import {
  DAY,
  given,
  IN_USE,
  MINUTE,
  NUMBER,
  PASSWORD,
  withPassword,
} from '../../../libs/access/testing/access-scene.ts';
import { plain } from '../../../libs/access/testing/plain-hasher.ts';
import { openSiteBrowser } from '../../support/site-browser.ts';
import { startSiteInMemory } from '../../support/site-in-memory.ts';
import { stage, TEMPORARY } from '../../support/site-somebody.ts';

const site = await startSiteInMemory();

/** Where a text's links lead. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);

describe('a page that somebody could be stuck on', () => {
  it.each(['address', 'confirm', 'sent'])('A8 leads back to the choice: %s', async (page) => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'choose-one-time' });
    const form = { address: 'new@example.jp', id: 'Kakunin01', password: 'tsubaki42q' };
    await browser.post('/one-time-password/address', form);
    if (page === 'sent') await browser.post('/one-time-password/confirm');
    const shown = await browser.get(`/one-time-password/${page}`);
    expect(shown.status).toBe(200);
    expect(linksOf(shown.text)).toContain('/one-time-password');
  });

  it('A10 leads back to the code from the address that takes the place of it', async () => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'code' });
    await browser.post('/code/address', { id: 'Kakunin01', password: 'tsubaki42q' });
    expect(linksOf((await browser.get('/one-time-password/address')).text)).toContain('/code');
  });

  it.each([
    ['wrong', '20485164'],
    ['no code', '1'],
  ])('A8 names no field that is not there when what was sent is over: %s', async (_, code) => {
    const { scene, browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'code' });
    await browser.post('/code/send');
    scene.now += 6 * MINUTE;
    const refused = await browser.post('/code', { code });
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('入力内容をご確認ください');
    expect(linksOf(refused.text)).not.toContain('#code');
  });
});

describe('what a page says', () => {
  it('A9 still has the ids that were typed when they are refused, and no password', async () => {
    const { browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' });
    const typed = { current: 'Chigau001', next: 'Atarashii1', again: 'Atarashii1' };
    const id = await browser.post('/confirmation-id', typed);
    expect(id.status).toBe(422);
    expect(id.text.split('value="Atarashii1"')).toHaveLength(3);
    expect(id.text).toContain('value="Chigau001"');
    const password = await browser.post('/confirmation-password', { ...typed, current: 'Chigau99z' });
    expect(password.status).toBe(422);
    expect(password.text).not.toMatch(/Chigau|Atarashii/);
  });

  it('A4 tells an expired password from a temporary one, also where one that nobody used has lapsed', async () => {
    const { scene } = await stage(site, { unit: 'line', own: NUMBER, state: 'out' });
    const temporary = { phc: plain(TEMPORARY), setAt: scene.now, unit: 'line' as const };
    await given(scene, 'line', { [NUMBER]: { ...withPassword(scene, PASSWORD), temporary } });
    scene.now += 61 * DAY;
    const browser = openSiteBrowser(site.url);
    await browser.post('/login', { number: NUMBER, password: PASSWORD });
    const { text } = await browser.get('/password');
    expect(text).toContain('パスワードの有効期限が切れています。');
    expect(text).not.toContain('仮パスワードでログイン');
  });

  it('A14 tells a self-care login why in its own words', async () => {
    const browser = openSiteBrowser(site.url);
    expect((await browser.get('/self-care?why=codes-wrong')).text).toContain('認証コードを5回');
    expect((await browser.get('/self-care?why=other-login')).text).toContain('同じセルフケアIDで');
    expect((await browser.get('/self-care?why=log-out')).text).toContain('ログアウトしました。');
  });
});

describe('A14 a self-care login', () => {
  it('ends the login that its browser had, and leaves a line in the log without its id', async () => {
    await stage(site, { unit: 'line', own: NUMBER, state: 'self-care' });
    await given(site.scene, 'line', {
      [NUMBER]: withPassword(site.scene, PASSWORD, { ...IN_USE, use: false }),
    });
    const browser = openSiteBrowser(site.url);
    await browser.post('/login', { number: NUMBER, password: PASSWORD });
    const before = browser.copied();
    const from = site.log.length;
    expect((await browser.post('/self-care', { id: 'taro', password: PASSWORD })).status).toBe(303);
    expect((await before.get('/menu')).headers.location).toMatch(/^\/login/);
    const tried = site.log.slice(from).filter((line) => line.includes('a self-care login was tried'));
    expect(tried).toHaveLength(1);
    expect(tried[0]).toContain('"result":"pending"');
    expect(tried[0]).not.toContain('taro');
  });
});
