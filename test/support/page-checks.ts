import { load } from 'cheerio';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
    rules: {
      // As Preact writes them.
      'void-style': ['error', { style: 'selfclosing' }],
      'tel-non-breaking': ['error', { ignoreClasses: ['nobr'] }],
      // The style, the script and the icon are our own, from our own host.
      'require-sri': 'off',
    },
  }),
);

/** The most that a page may weigh with its style and script, in bytes. */
const MAX_BYTES = 60 * 1024;

/** What `checkPage` compares a page with. */
interface Expected {
  /** The bytes of the style and the script, which count too. */
  readonly assetBytes: number;
}

/**
 * Checks what holds for every page of the site: valid and accessible HTML by html-validate, one heading that the title
 * begins with, every field with a label, nothing inline and nothing from elsewhere, not too heavy.
 */
export function checkPage(html: string, { assetBytes }: Expected): void {
  const { results } = validator.validateStringSync(html);
  expect(
    results.flatMap(({ messages }) =>
      messages.map(({ ruleId, line, column, message }) => `${line}:${column} ${ruleId}: ${message}`),
    ),
  ).toEqual([]);
  const $ = load(html);
  const headings = $('h1')
    .toArray()
    .map((element) => $(element).text());
  expect(headings).toHaveLength(1);
  expect(
    $('title')
      .text()
      .replace(/^エラー: /, '')
      .startsWith(headings[0] ?? '?'),
  ).toBe(true);
  expect($('title').text().startsWith('エラー: ')).toBe($('main [role=alert]').length > 0);
  expect($('html').attr('lang')).toBe('ja');
  expect($('style, [style], script:not([src])').length).toBe(0);
  const attributes = $('*')
    .toArray()
    .flatMap((element) => Object.keys($(element).attr() ?? {}));
  expect(attributes.filter((name) => name.startsWith('on'))).toEqual([]);
  for (const element of $('input:not([type=hidden]), select, textarea').toArray())
    expect(
      $(`label[for="${$(element).attr('id')}"]`)
        .text()
        .trim(),
    ).not.toBe('');
  for (const element of $('[href], [src], [action]').toArray()) {
    const target = $(element).attr('href') ?? $(element).attr('src') ?? $(element).attr('action') ?? '';
    // The operator's pages are the only ones elsewhere: nothing of them is loaded.
    const isElsewhere = $(element).is('a[rel=external]');
    expect(target).toMatch(isElsewhere ? /^https:\/\// : /^(\/(?!\/)|#|tel:)/);
  }
  expect(Buffer.byteLength(html) + assetBytes).toBeLessThanOrEqual(MAX_BYTES);
}
