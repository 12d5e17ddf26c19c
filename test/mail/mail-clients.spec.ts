import { caniemail } from 'caniemail';
import { load } from 'cheerio';
import PostalMime from 'postal-mime';
import { MAIL_KINDS } from '#mail';
import { readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { GAPS, PHONES } from '../support/mail-client-gaps.ts';
import { TEST_BRANDS, testComposer } from '../support/test-composer.ts';

/** Brands differ in their words only; the second has no access number, which covers the templates' other branches. */
const cases = ['ntt-east', 'rakuten-mobile'].flatMap((brandId) =>
  MAIL_KINDS.flatMap((kind) =>
    readSamples(TEMPLATES_DIR, kind, TEST_BRANDS.get(brandId)!).map((sample) => ({
      ...sample,
      kind,
      brandId,
    })),
  ),
);

const htmls = new Map<(typeof cases)[number], string>();
beforeAll(async () => {
  const composer = await testComposer();
  for (const one of cases) {
    const { message } = composer.compose(one.content, one.brandId, 'hanako@example.jp');
    htmls.set(one, (await PostalMime.parse(message)).html ?? '');
  }
}, 60_000);

interface Shortfall {
  readonly client: string;
  readonly feature: string;
  /** The app lacks it completely, not partly. */
  readonly missing: boolean;
}

function shortfalls(html: string): Shortfall[] {
  const { issues } = caniemail({ clients: [...PHONES], html });
  return [issues.errors, issues.warnings].flatMap((found) =>
    [...found].flatMap(([client, list]) =>
      list.map(({ title, support }) => ({ client, feature: title, missing: support === 'none' })),
    ),
  );
}

/** Every value of a CSS property in the mail, inline or in its style sheet. */
function valuesOf(html: string, property: string): string[] {
  const $ = load(html);
  const inline = $('[style]')
    .toArray()
    .map((element) => $(element).attr('style') ?? '');
  const declarations = [...inline, $('style').text().replaceAll(/[{}]/g, ';')].join(';').split(';');
  return declarations
    .map((declaration) => declaration.split(':').map((part) => part.trim()))
    .flatMap(([name, value = '']) => (name === property ? [value] : []));
}

function problemsOf(html: string): string[] {
  const found = shortfalls(html).filter(({ client, feature, missing }) => {
    const gap = GAPS[feature];
    return gap === undefined || (missing && !gap.missingIn?.some((phone) => phone === client));
  });
  const missed = found.map(
    ({ client, feature, missing }) => `${feature}: ${missing ? 'not' : 'partly'} in ${client}`,
  );
  const strange = Object.entries(GAPS).flatMap(([property, { values }]) =>
    valuesOf(html, property)
      .filter((value) => values !== undefined && !values.test(value))
      .map((value) => `${property}: ${value}`),
  );
  return [...new Set([...missed, ...strange])];
}

describe('mail apps on phones in Japan', () => {
  it.each(cases)('support everything that $kind $name of $brandId uses, or lack it without harm', (one) => {
    expect(problemsOf(htmls.get(one) ?? '')).toEqual([]);
  });

  it('have no exception that no mail needs', () => {
    const all = [...htmls.values()].flatMap(shortfalls);
    const used = new Set(all.map(({ feature }) => feature));
    expect(Object.keys(GAPS).filter((feature) => !used.has(feature))).toEqual([]);
    for (const [feature, { missingIn = [] }] of Object.entries(GAPS)) {
      const missing = all.filter((one) => one.feature === feature && one.missing).map(({ client }) => client);
      expect({ feature, missingIn: new Set(missing) }).toEqual({ feature, missingIn: new Set(missingIn) });
    }
  });

  it.each([
    ['a layout that Gmail drops', 'display:flex', 'display: flex'],
    ['a margin that most drop', 'margin:-8px 0', 'margin: -8px 0'],
    ['a position', 'position:absolute', 'position: not in gmail.ios'],
    ['a size in rem', 'font-size:1rem', 'font-size: 1rem'],
    ['a picture behind the text', 'background:url(https://x.jp/a.png)', 'background: url(https'],
  ])('would not show %s', (_, style, problem) => {
    const [html = ''] = htmls.values();
    const changed = html.replace('<h1 style="', `<h1 style="${style};`);
    expect(problemsOf(changed)).toContainEqual(expect.stringContaining(problem));
  });
});
