import { BRANDS_DIR, createComposer, loadBrands, type Composer, type MailContent } from '#mail';
import { ensureTemplates } from '../../libs/mail/build-templates.ts';
import type { MailExpectation } from './mail-checklist.ts';

/** The time by the clock of `testComposer`, epoch milliseconds. */
export const SENT_AT = Date.UTC(2026, 10, 21, 1, 0, 5);

/** The project's own brands. */
export const TEST_BRANDS = loadBrands(BRANDS_DIR);

/** A composer with the project's templates and brands. */
export async function testComposer(): Promise<Composer> {
  const templatesDir = await ensureTemplates();
  const tokenKey = Buffer.alloc(32, 7);
  return createComposer({ templatesDir, brands: TEST_BRANDS, tokenKey, now: () => SENT_AT });
}

/** Composes a mail; gives its bytes and what `checkMail` has to expect of them. */
export function composeToCheck(
  composer: Composer,
  content: MailContent,
  brandId: string,
  recipient: string,
): { readonly message: Buffer; readonly expected: MailExpectation } {
  const brand = TEST_BRANDS.get(brandId);
  if (!brand) throw new Error(`There is no brand ${brandId}`);
  const { message, from, to } = composer.compose(content, brandId, recipient);
  return { message, expected: { content, brand, recipient, envelope: { from, to: [to] }, sentAt: SENT_AT } };
}
