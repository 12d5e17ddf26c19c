import { HELP_TOPICS } from '../../apps/site/src/pages/help/help-topics.ts';
import { startSiteInMemory } from '../support/site-in-memory.ts';
import { expectKeyboardReaches } from './expect-keyboard-reaches.ts';
import { expectSuitsEverybody } from './expect-suits-everybody.ts';
import { visit } from './visit.ts';

const site = await startSiteInMemory();
const HOME = 'link "ひかり電話設定サイト"';

describe('The help suits everybody:', () => {
  it('its index', async () => {
    const { page } = await visit(site.url, { width: 375 });
    await page.goto('/help');
    expect(await page.title()).toBe('ヘルプ｜ひかり電話設定サイト');
    await expectSuitsEverybody(page, [
      HOME,
      'link "ヘルプ"',
      'link "着信お知らせメール"',
      'link "仮パスワード"',
    ]);
  });

  it.each(['call-notice', 'temporary-password', 'csv'])('%s', async (topic) => {
    const { page } = await visit(site.url, { width: 375 });
    await page.goto(`/help/${topic}`);
    await expectSuitsEverybody(page, [HOME, 'link "ほかのヘルプを見る"']);
  });
});

it('leads from a page to its topic, on to every other, and back, without JavaScript', async () => {
  const { page } = await visit(site.url, { width: 320, javaScript: false });
  await page.goto('/login');
  await page.getByRole('link', { name: 'ヘルプ', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'ログインとパスワードのヘルプ' }).waitFor();
  await expectKeyboardReaches(page, ['link "ほかのヘルプを見る"']);
  await page.getByRole('link', { name: 'ほかのヘルプを見る' }).click();
  const links = page.locator('main').getByRole('link');
  expect(await links.count()).toBe(Object.keys(HELP_TOPICS).length);
  await page.goBack();
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'ログイン' }).waitFor();
});
