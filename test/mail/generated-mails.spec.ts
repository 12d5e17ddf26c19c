import fc from 'fast-check';
import { BRANDS_DIR, createComposer, loadBrands, type Composer, type MailContent } from '#mail';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import { checkMail } from '../support/mail-checklist.ts';

const SENT_AT = Date.UTC(2026, 10, 21, 1, 0, 5);
const brands = loadBrands(BRANDS_DIR);

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const national = fc.oneof(digits(9), digits(10)).map((rest) => `0${rest}`);
const abroad = fc
  .tuple(fc.integer({ min: 1, max: 9 }), digits(10))
  .map(([first, rest]) => `+${first}${rest}`);
const party = fc.oneof(
  fc.record({ number: fc.oneof(national, abroad) }),
  fc.record({ withheld: fc.constantFrom('P' as const, 'C' as const, 'O' as const, 'S' as const) }),
);
const time = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2037, 0, 1) });

/** What somebody may type, or paste, or try. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    'x\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>',
    '\r\n.\r\nMAIL FROM:<evil@example.com>\r\n',
    '{{siteUrl}}{{#each footer}}{{this}}{{/each}}{{{subject}}}',
    '<b>太字</b>"><img src=x onerror=alert(1)><a href="https://evil.example">',
    `' onmouseover='alert(1)`,
    '=?UTF-8?B?44GC?=, evil@example.com',
    '𠮷野家 髙﨑ｶﾌﾞｼｷｶﾞｲｼｬ👨‍👩‍👧‍👦①㈱',
    '\u202egnp.exe\u2028\u2029\u0000\u0007\ud800',
    '漢'.repeat(10_000),
    '👨‍👩‍👧‍👦'.repeat(2_000),
    `e${'\u0301'.repeat(10_000)}`,
    '&amp;&lt;&#39;',
  ),
);

const base = { source: fc.string({ unit: 'binary', minLength: 1 }), id: hostile, at: time };
const call = fc.record({
  ...base,
  kind: fc.constant('call' as const),
  lineNumber: national,
  calledNumber: national,
  caller: party,
  ringSeconds: fc.nat(9_999),
  outcome: fc.constantFrom('answered', 'unanswered', 'busy', 'forwarded', 'abandoned'),
});
const fax = fc.record({
  ...base,
  kind: fc.constant('fax' as const),
  lineNumber: national,
  calledNumber: national,
  sender: party,
  pages: fc.nat(9_999),
  complete: fc.boolean(),
  documentId: hostile,
});
const fault = fc.record(
  {
    ...base,
    kind: fc.constantFrom('fault' as const, 'recovery' as const),
    lineNumber: national,
    faultId: hostile,
    numbers: fc.array(national, { minLength: 1, maxLength: 150 }),
  },
  { requiredKeys: ['kind', 'source', 'id', 'at', 'lineNumber', 'faultId'] },
);
const access = { ...base, number: national, brand: hostile, recipient: hostile, expiresAt: time };
const code = fc.stringMatching(/^[0-9A-Za-z]{4,12}$/);
const token = fc.stringMatching(/^[\w~-]{1,80}(&x=[\w%]{1,9})?$/);

const content = fc.oneof(
  fc.record({ event: call }),
  fc.record({ event: fax }),
  fc.record(
    { event: fault, contractorName: hostile, location: hostile, tellsFaultAt: time },
    { requiredKeys: ['event', 'contractorName', 'location'] },
  ),
  fc.record({
    event: fc.record({ ...access, kind: fc.constantFrom('one-time-password', 'two-step-code') }),
    secret: fc.record({ code }),
  }),
  fc.record({
    event: fc.record({ ...access, kind: fc.constant('address-registration') }),
    secret: fc.record({ link: token.map((value) => `https://www.hikari.ntt-east.net/r?token=${value}`) }),
  }),
  fc.record({
    event: fc.record({
      ...access,
      kind: fc.constantFrom('password-changed', 'address-changed', 'account-locked', 'test'),
    }),
  }),
) as fc.Arbitrary<MailContent>;

const local = fc.stringMatching(/^[0-9A-Za-z_!$%'*+/?^#-][0-9A-Za-z_!$%'*+/?^#.-]{0,70}$/);
const recipient = fc.tuple(local, fc.stringMatching(/^[a-z0-9]{1,20}(-[a-z0-9]{1,5})?(\.[a-z]{2,9}){1,3}$/));

let composer: Composer;
beforeAll(async () => {
  const templatesDir = await ensureTemplates();
  composer = createComposer({ templatesDir, brands, tokenKey: Buffer.alloc(32, 7), now: () => SENT_AT });
}, 60_000);

describe('no value makes a mail anything but the one that was meant', () => {
  it('C10, C13, F3, R1, R2, R4, O1–O4: whatever is typed, published or sealed, the checklist holds', async () => {
    const brandIds = fc.constantFrom(...brands.keys());
    await fc.assert(
      fc.asyncProperty(content, recipient, brandIds, async (made, [name, domain], brandId) => {
        const brand = brands.get(brandId)!;
        const to = `${name}@${domain}`;
        const { message, ...mail } = composer.compose(made, brandId, to);
        const envelope = { from: mail.from, to: [mail.to] };
        const expected = { content: made, brand, recipient: to, envelope, sentAt: SENT_AT };
        const problems = await checkMail(message, expected);
        expect(problems).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it('C13: a recipient that is not exactly one mailbox is refused, and not named in the error', () => {
    const [made] = fc.sample(content, 1) as [MailContent];
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
