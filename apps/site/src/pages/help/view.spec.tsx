import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { load } from 'cheerio';
import { BRANDS_DIR, loadBrands, type Brand } from '#mail';
import { ASSETS_DIR, loadAssets } from '#pages';
import { checkPage } from '../../../../../test/support/page-checks.ts';
import { page } from '../../ui/page.tsx';
import { TWO_STEP_CODE } from '../code/view.tsx';
import type { HelpTopic } from './help-topic.ts';
import { HELP_GROUPS, HELP_TOPICS, type HelpTopicId } from './help-topics.ts';
import { helpPage, helpTopicPage } from './view.tsx';

const brands = loadBrands(BRANDS_DIR);
const assets = loadAssets(ASSETS_DIR);
const assetBytes = [...assets.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
const TOPICS = Object.keys(HELP_TOPICS) as HelpTopicId[];
const SOURCES = path.resolve(import.meta.dirname, '../..');

/** Every text of a topic. */
function textsOf({ title, summary, tasks, remarks, questions }: HelpTopic): string[] {
  return [
    title,
    summary,
    ...tasks.flatMap(({ heading, steps }) => [heading, ...steps]),
    ...remarks,
    ...questions.flatMap(({ question, answer }) => [question, answer]),
  ];
}

/** What the pages are made of, the help apart, and the brand's own words. */
function wordsOfPages(brand: Brand): string {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /(?<!\.spec)\.tsx?$/.test(file) && !file.startsWith(path.join('pages', 'help')),
  );
  const views = files.map((file) => readFileSync(path.join(SOURCES, file), 'utf8'));
  const composed = [`${brand.services.fault.name}機能`, `${TWO_STEP_CODE.name}を送信`];
  return [...views, JSON.stringify(brand), ...composed].join('\n');
}

describe.each([...brands.values()])('the help of $id', (brand) => {
  it('is well made, every topic of it', () => {
    const pages = [helpPage(brand), ...TOPICS.map((topic) => helpTopicPage(brand, topic))];
    for (const content of pages) checkPage(page(content, { brand, assets }), { assetBytes });
  });

  it('names only pages and controls that there are', () => {
    const words = wordsOfPages(brand);
    const named = TOPICS.flatMap((topic) =>
      textsOf(HELP_TOPICS[topic](brand)).flatMap((text) =>
        Array.from(text.matchAll(/「([^」]+)」/g), ([, name = '']) => ({ topic, name })),
      ),
    );
    // A control of a row has the row's number behind its name.
    const missing = named.filter(({ name }) => !words.includes(name.replace(/\d+$/, '')));
    expect(missing).toEqual([]);
  });

  it('says the same thing once, in sentences that end', () => {
    for (const topic of TOPICS) {
      const { summary, tasks, remarks, questions } = HELP_TOPICS[topic](brand);
      const sentences = [
        summary,
        ...tasks.flatMap(({ steps }) => steps),
        ...remarks,
        ...questions.flatMap(({ question, answer }) => [question, answer]),
      ];
      expect([topic, sentences.filter((one) => !one.endsWith('。'))]).toEqual([topic, []]);
      for (const { steps } of tasks) expect(new Set(steps).size).toBe(steps.length);
      expect(new Set(remarks).size).toBe(remarks.length);
    }
  });
});

describe('the help', () => {
  it('shows every topic in its index once', () => {
    expect(HELP_GROUPS.flatMap(([, topics]) => topics).toSorted()).toEqual(TOPICS.toSorted());
    const $ = load(page(helpPage(brands.get('ntt-east')!), { brand: brands.get('ntt-east')!, assets }));
    const links = $('main a')
      .toArray()
      .map((link) => $(link).attr('href'));
    expect(links).toHaveLength(TOPICS.length);
    expect(new Set(links)).toEqual(new Set(TOPICS.map((topic) => `/help/${topic}`)));
  });

  it("B1 speaks in the brand's words and keeps its limits", () => {
    const ocn = brands.get('ocn-east')!;
    expect(HELP_TOPICS['voice-warp'](ocn).title).toBe('転送電話');
    const generous = { ...ocn, limits: { recipients: 9, targetCallers: 77 } };
    expect(HELP_TOPICS['call-notice'](generous).remarks.join('')).toContain(
      'メールアドレスは9件まで、お知らせ対象の電話番号は77件まで',
    );
    const lasting = { ...ocn, password: { days: 0 } };
    expect(HELP_TOPICS.login(lasting).remarks.join('')).not.toContain('期限');
  });

  it('A2 says whom to ask where no number sets a temporary password', () => {
    expect(textsOf(HELP_TOPICS['temporary-password'](brands.get('ocn-east')!)).join('')).toContain(
      '03-6304-4747',
    );
    const rakuten = textsOf(HELP_TOPICS['temporary-password'](brands.get('rakuten-mobile')!)).join('');
    expect(rakuten).toContain('楽天モバイルへお問い合わせください。');
    expect(rakuten).not.toContain('押します');
  });

  it("B1 leads to the operator's own pages, from the index and from every page", () => {
    const linksOf = (id: string): (string | undefined)[][] => {
      const brand = brands.get(id)!;
      const $ = load(page(helpPage(brand), { brand, assets }));
      return ['main', 'footer'].map((part) =>
        $(`${part} a[rel=external]`)
          .toArray()
          .map((link) => $(link).attr('href')),
      );
    };
    const url = 'https://service.ocn.ne.jp/phone/ip/hikaridenwa/index.html';
    expect(linksOf('ocn-west')).toEqual([[url], [url]]);
    expect(linksOf('ntt-west')).toEqual([[], []]);
  });
});
