import { MAIL_KINDS, type Composer, type MailKind } from '#mail';
import { readSamples, TEMPLATES_DIR } from '../../libs/mail/build-templates.ts';
import { TEST_BRANDS, testComposer } from '../support/test-composer.ts';

/** The most octets of a mail on the wire, headers and base64 included: of the largest sample in the wordiest brand. */
const LIMITS: Readonly<Record<MailKind, number>> = {
  call: 7_500,
  fax: 8_150,
  fault: 7_450,
  recovery: 7_800,
  test: 6_400,
  'one-time-password': 7_300,
  'two-step-code': 7_000,
  'address-registration': 7_850,
  'password-changed': 6_800,
  'address-changed': 6_900,
  'account-locked': 7_600,
};

let composer: Composer;
beforeAll(async () => {
  composer = await testComposer();
}, 60_000);

function sizesOf(kind: MailKind, brandId: string): Record<string, number> {
  const samples = readSamples(TEMPLATES_DIR, kind, TEST_BRANDS.get(brandId)!);
  return Object.fromEntries(
    samples.map(({ name, content }) => [
      name,
      composer.compose(content, brandId, 'hanako@example.jp').message.length,
    ]),
  );
}

describe('a mail on the wire', () => {
  it('C10: is at most 7.1 KB when it tells of a call', () => {
    expect(sizesOf('call', 'ntt-east').unanswered).toBeLessThanOrEqual(7_100);
  });

  it.each(MAIL_KINDS.map((kind) => ({ kind, limit: LIMITS[kind] })))(
    'C10, C11, F3, R2, R4, O1–O4: is at most $limit octets, whatever it tells, in every brand: $kind',
    ({ kind, limit }) => {
      const sizes = [...TEST_BRANDS.keys()].flatMap((brandId) => Object.entries(sizesOf(kind, brandId)));
      expect(sizes.filter(([, size]) => size > limit)).toEqual([]);
    },
  );
});
