import { load, type CheerioAPI } from 'cheerio';
import { LINE, NUMBER, USER } from '../../../../../libs/access/testing/access-scene.ts';
import type { SiteAnswer, SiteBrowser } from '../../../../../test/support/site-browser.ts';
import { startSiteInMemory } from '../../../../../test/support/site-in-memory.ts';
import { stage } from '../../../../../test/support/site-somebody.ts';

const site = await startSiteInMemory();
const shown = (number: string): string => number.replace(/^(..)(....)/, '$1-$2-');
/** A line of so many numbers, 03-1234-5678 and 03-2000-0001 and on. */
const numbers = (count: number): string[] => [
  NUMBER,
  ...Array.from({ length: count - 1 }, (_, index) => `03${20_000_001 + index}`),
];

let browser: SiteBrowser;
/** Somebody who is in, on a line of these numbers. */
async function enter(all: readonly string[] = LINE.numbers): Promise<void> {
  ({ browser } = await stage(site, { unit: 'line', own: NUMBER, state: 'in' }));
  // As the operator may have written it.
  site.scene.lines = [{ ...LINE, numbers: all.toReversed() }];
}
const $of = ({ text }: SiteAnswer): CheerioAPI => load(text);
const links = ($: CheerioAPI): string[][] =>
  $('main .links a')
    .toArray()
    .map((link) => [$(link).text(), $(link).attr('href') ?? '']);

describe('A13 the choice of the service', () => {
  it.each(['/services', '/menu'])('%s has what is contracted alone', async (path) => {
    await enter();
    const services = { [NUMBER]: ['fault-notice'], [USER]: ['voice-warp'], [LINE.numbers[2]!]: [] } as const;
    site.scene.lines = [{ ...LINE, services }];
    const names = links($of(await browser.get(path))).filter(([, href]) => href?.startsWith('/services/'));
    expect(names).toEqual([
      ['故障・回復通知機能', '/services/fault-notice'],
      ['ボイスワープ', '/services/voice-warp'],
    ]);
    expect((await browser.get('/services/call-notice')).status).toBe(404);
  });

  it.each(['ip-phone', 'none-of-ours', 'toString'])('has no %s', async (service) => {
    await enter();
    const answer = await browser.get(`/services/${service}`);
    expect(answer.status).toBe(404);
    const ways = $of(answer)('main a').toArray();
    expect(ways.map(({ attribs }) => attribs['href'])).toEqual(['/menu']);
  });
});

describe('C14 the choice of the number', () => {
  it.each([
    ['fault-notice', '/line/fault-notice'],
    ['bulk-transfer', '/line/bulk-transfer'],
  ])('is not asked for the line’s own %s', async (service, path) => {
    await enter();
    expect((await browser.get(`/services/${service}`)).headers.location).toBe(path);
  });

  it('is not asked where one number has the service', async () => {
    await enter();
    site.scene.lines = [{ ...LINE, services: { [NUMBER]: [], [USER]: [] } }];
    const { status, headers } = await browser.get('/services/voice-warp');
    expect([status, headers.location]).toEqual([303, `/numbers/${LINE.numbers[2]}/voice-warp`]);
    ({ browser } = await stage(site, { unit: 'number', own: USER, state: 'in' }));
    expect((await browser.get('/history')).headers.location).toBe(`/numbers/${USER}/history`);
  });

  it.each([
    ['/services/call-notice', 'call-notice'],
    ['/services/fax-notice', 'fax-notice'],
    ['/services/voice-warp', 'voice-warp'],
    ['/history', 'history'],
  ])('%s has a link for each number, the line number first', async (path, page) => {
    await enter();
    const $ = $of(await browser.get(path));
    expect($('h1').text()).toBe('電話番号選択');
    const [first, ...others] = links($);
    expect(first).toEqual(['03-1234-5678', `/numbers/${NUMBER}/${page}`]);
    // The others as the operator wrote them.
    expect(others).toEqual([
      ['03-1234-5680', `/numbers/0312345680/${page}`],
      ['03-1234-5679', `/numbers/${USER}/${page}`],
    ]);
    const csv = $('main a[href$="/csv"]').toArray();
    expect(csv.map((link) => [$(link).text(), $(link).attr('href')])).toEqual(
      page === 'call-notice' ? [['一括設定', '/services/call-notice/csv']] : [],
    );
  });

  it('can be searched from 33 numbers on', async () => {
    await enter(numbers(32));
    const few = $of(await browser.get('/services/call-notice?number=zzz'));
    expect([few('form[role=search]').length, links(few).length]).toEqual([0, 32]);
    await enter(numbers(33));
    const many = $of(await browser.get('/services/call-notice'));
    expect([many('form[role=search] label').text(), links(many).length]).toEqual(['電話番号検索', 33]);
    expect(many('form[role=search] button').text()).toBe('検索');
    expect(many('[role=status]').length).toBe(0);
  });

  it.each([
    ['2000-0', ['0320000001', '0320000031']],
    ['*1', ['0320000001', '0320000031']],
    ['０３－１２３４', [NUMBER]],
    ['zzz', []],
  ])('finds by "%s", and keeps what was searched', async (typed, some) => {
    await enter(numbers(40));
    const $ = $of(await browser.get(`/services/call-notice?number=${encodeURIComponent(typed)}`));
    expect($('#number').val()).toBe(typed);
    const found = links($).map(([text]) => text);
    expect(found).toEqual(expect.arrayContaining(some.map(shown)));
    expect(found.length < 40).toBe(true);
    expect($('[role=status]').text()).toContain(
      some.length === 0 ? '当てはまる電話番号はありません' : `${found.length}件の電話番号が見つかりました`,
    );
    expect($('main a[href="/services/call-notice"]').text()).toBe('すべての電話番号を表示する');
  });

  it('of 1,000 numbers is one page, and quick', async () => {
    await enter(numbers(1000));
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const begun = performance.now();
      const answer = await browser.get('/services/call-notice');
      times.push(performance.now() - begun);
      expect(links($of(answer))).toHaveLength(1000);
    }
    // The least of them: what the page takes, and not what else the machine does.
    expect(Math.min(...times)).toBeLessThan(100);
    const found = links($of(await browser.get('/services/call-notice?number=*0777')));
    expect(found).toEqual([['03-2000-0777', '/numbers/0320000777/call-notice']]);
  });
});
