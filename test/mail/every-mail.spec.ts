import { BRANDS_DIR, createComposer, loadBrands, MAIL_KINDS, type Composer } from '#mail';
import { ensureTemplates, readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { checkMail } from '../support/mail-checklist.ts';

const SENT_AT = Date.UTC(2026, 10, 21, 1, 0, 5);
const brands = loadBrands(BRANDS_DIR);
const samples = MAIL_KINDS.flatMap((kind) =>
  readSamples(TEMPLATES_DIR, kind).map(({ name, content }) => ({ kind, name, content })),
);
const cases = [...brands.values()].flatMap((brand) =>
  samples.map((sample) => ({ ...sample, brandId: brand.id, brand })),
);

let composer: Composer;
beforeAll(async () => {
  const templatesDir = await ensureTemplates();
  composer = createComposer({ templatesDir, brands, tokenKey: Buffer.alloc(32, 7), now: () => SENT_AT });
}, 60_000);

describe('every mail passes the checklist (C10, C11, F3, R2, R4, O1–O4, B1)', () => {
  it.each(cases)(
    '$brandId $kind $name',
    async ({ content, brand }) => {
      for (const recipient of [
        'hanako@example.jp',
        'ab..cd.@docomo.example',
        `o'hara+tel/1@mail.example.jp`,
      ]) {
        const mail = composer.compose(content, brand.id, recipient);
        expect(await checkMail(mail.message, { content, brand, recipient, sentAt: SENT_AT })).toEqual([]);
        expect(mail.to).toBe(recipient);
        expect(mail.from).toMatch(/^bounce\+[0-9a-f]{32}@/);
        expect(mail.from.split('@')[1]).toBe(brand.mail.bounceDomain);
      }
    },
    30_000,
  );

  it('C13: quotes an old dot address in To, and only such a one', () => {
    const [{ content }] = samples as [(typeof samples)[number]];
    const to = (recipient: string): string | undefined =>
      /^To: (.*)\r$/m.exec(composer.compose(content, 'ntt-east', recipient).message.toString())?.[1];
    expect(to('ab..cd.@docomo.ne.jp')).toBe('"ab..cd."@docomo.ne.jp');
    expect(to('.ab@docomo.ne.jp')).toBe('".ab"@docomo.ne.jp');
    expect(to('ab.cd@docomo.ne.jp')).toBe('ab.cd@docomo.ne.jp');
  });
});
