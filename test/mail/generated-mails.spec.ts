import { load } from 'cheerio';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { MAIL_KINDS, type Composer, type MailContent, type MailKind } from '#mail';
import { CONTENTS, HOSTILE_TEXTS, RECIPIENT } from '../support/generated-mail-content.ts';
import { checkMail } from '../support/mail-checklist.ts';
import { composeToCheck, SENT_AT, TEST_BRANDS, testComposer } from '../support/test-composer.ts';

let composer: Composer;
beforeAll(async () => {
  composer = await testComposer();
}, 60_000);

async function problemsOf(content: MailContent, recipient: string, brandId: string): Promise<string[]> {
  const { message, expected } = composeToCheck(composer, content, brandId, recipient);
  return checkMail(message, expected);
}

type FaultContent = Extract<MailContent, { contractorName: string }>;

/** The lines, rows and elements of a fault mail with these two texts. */
async function told(kind: MailKind, contractorName: string, location: string) {
  const event = { kind, source: 's', id: 'e', at: SENT_AT, lineNumber: '0312345678', faultId: 'f' };
  const content = { event, contractorName, location } as FaultContent;
  expect(await problemsOf(content, 'hanako@example.jp', 'ntt-east')).toEqual([]);
  const { message } = composer.compose(content, 'ntt-east', 'hanako@example.jp');
  const { text = '', html = '' } = await PostalMime.parse(message);
  const lines = text.split(/\r?\n/);
  const $ = load(html);
  const rows = new Map(
    $('.rows tr')
      .toArray()
      .map((row) => [$('td:first', row).text(), $('td:last', row).text()]),
  );
  const elements = $('*')
    .toArray()
    .map((element) => `${$(element).prop('tagName')} ${JSON.stringify($(element).attr())}`);
  return { lines, rows, elements };
}

/** Expects a mail with these texts to have the same lines and elements as with plain ones, apart from the texts. */
async function expectInPlace(kind: MailKind, contractorName: string, location: string): Promise<void> {
  const { lines, rows, elements } = await told(kind, contractorName, location);
  const shown = ['契約者名', '拠点情報'].map((label) => {
    const values = lines
      .filter((line) => line.startsWith(`${label}:`))
      .map((line) => line.slice(label.length + 1));
    expect(values).toHaveLength(1);
    expect(rows.get(label) ?? '').toBe(values[0]);
    return values[0] ?? '';
  });
  for (const value of shown) {
    expect([...new Intl.Segmenter('ja').segment(value)].length).toBeLessThanOrEqual(101);
    expect(value).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
  }
  const [name, place] = shown.map((value) => (value === '' ? '' : 'x'));
  const plain = await told(kind, name ?? '', place ?? '');
  expect(elements).toEqual(plain.elements);
  const withoutTexts = (all: readonly string[]) =>
    all.map((line) => line.replace(/^(契約者名|拠点情報):.*/, '$1'));
  expect(withoutTexts(lines)).toEqual(withoutTexts(plain.lines));
}

describe('no value breaks a mail', () => {
  it.each(MAIL_KINDS)(
    'C10, C13, F3, R1, R2, R4, O1–O4: passes the checklist whatever is typed, published or sealed: %s',
    async (kind) => {
      const brandIds = fc.constantFrom(...TEST_BRANDS.keys());
      await fc.assert(
        fc.asyncProperty(CONTENTS[kind], RECIPIENT, brandIds, async (content, to, brandId) => {
          expect(await problemsOf(content, to, brandId)).toEqual([]);
        }),
        { numRuns: 20 },
      );
    },
    120_000,
  );

  it.each(['fault', 'recovery'] as const)(
    'R1: names and places stay in their fields, and text and HTML say the same: %s',
    async (kind) => {
      for (const text of HOSTILE_TEXTS) await expectInPlace(kind, text, 'ヤマダ');
      await fc.assert(
        fc.asyncProperty(CONTENTS[kind], async (content) => {
          const { contractorName, location } = content as FaultContent;
          await expectInPlace(kind, contractorName, location);
        }),
        { numRuns: 40 },
      );
    },
    120_000,
  );

  it('C13: rejects a recipient that is not exactly one mailbox, without naming it in the error', () => {
    const [made] = fc.sample(CONTENTS.call, 1) as [MailContent];
    const bad = [
      'a@example.jp\r\nBcc: evil@example.com',
      'a@b.jp,c@d.jp',
      '<a@b.jp>',
      'a b@c.jp',
      'a"b@c.jp',
      '@c.jp',
    ];
    for (const to of [
      ...bad,
      'a@',
      'a',
      '',
      'a@b@c.jp',
      'a@b_c.jp',
      'a@-b.jp',
      'a@b..jp',
      'あ@b.jp',
      'a@[127.0.0.1]',
    ])
      expect(() => composer.compose(made, 'ntt-east', to)).toThrow(
        expect.objectContaining({ code: 'RECIPIENT_INVALID', message: expect.not.stringContaining('@') }),
      );
  });
});
