import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import PostalMime from 'postal-mime';
import { MAIL_KINDS, type Composer } from '#mail';
import { readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { TEST_BRANDS, testComposer } from '../support/test-composer.ts';

const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
    rules: {
      'no-unknown-elements': 'error',
      // Mail apps drop style sheets, and Outlook lays tables out by their attributes and conditional comments.
      'no-inline-style': 'off',
      'no-deprecated-attr': 'off',
      'no-conditional-comment': 'off',
      'prefer-native-element': 'off',
      'presentation-role-style': 'off',
      // The build leaves out what HTML does not need.
      'attr-quotes': 'off',
      'doctype-style': 'off',
      'prefer-tbody': 'off',
      // Numbers may not wrap where they are large.
      'tel-non-breaking': 'off',
    },
  }),
);

const cases = [...TEST_BRANDS].flatMap(([brandId, brand]) =>
  MAIL_KINDS.flatMap((kind) =>
    readSamples(TEMPLATES_DIR, kind, brand).map((sample) => ({ ...sample, kind, brandId })),
  ),
);

let composer: Composer;
beforeAll(async () => {
  composer = await testComposer();
}, 60_000);

function problemsOf(html: string): string[] {
  const { results } = validator.validateStringSync(html);
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}

async function htmlOf({ content, brandId }: (typeof cases)[number]): Promise<string> {
  const { message } = composer.compose(content, brandId, 'hanako@example.jp');
  return (await PostalMime.parse(message)).html ?? '';
}

describe("a mail's HTML", () => {
  it.each(cases)('20: is valid and accessible: $brandId $kind $name', async (one) => {
    expect(problemsOf(await htmlOf(one))).toEqual([]);
  });

  it.each([
    ['an element that HTML does not have', '<h1 ', '<headline ', 'no-unknown-elements'],
    ['an element that is not closed', '</h1>', '', 'close-order'],
    ['an attribute twice', '<h1 ', '<h1 style=color:red ', 'no-dup-attr'],
  ])('20: is not valid with %s', async (_, what, by, rule) => {
    const html = await htmlOf(cases[0]!);
    expect(problemsOf(html.replace(what, by))).toContainEqual(expect.stringContaining(rule));
  });
});
