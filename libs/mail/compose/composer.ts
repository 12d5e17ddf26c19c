import type { Brand, Brands } from '../brand/brand.ts';
import { headerAddress, senderHeader, textHeader } from './header.ts';
import { deriveIdentityKey, mailIdentity } from './mail-identity.ts';
import { rfc5322Date } from './japan-time.ts';
import type { ComposedMail, MailContent } from '../mail.ts';
import { MailError } from '../mail-error.ts';
import { MAIL_KINDS, senderRoleOf, type MailKind } from '../mail-kind.ts';
import { mimeMessage } from './mime.ts';
import { loadTemplates } from './templates.ts';
import { brandView, eventView, type View } from './view.ts';

export interface ComposerOptions {
  /** The output folder of `buildTemplates`. */
  readonly templatesDir: string;
  readonly brands: Brands;
  /** A secret of the installation. The key for return paths is derived from it. */
  readonly tokenKey: Uint8Array;
  /** The wall clock in epoch milliseconds, for the `Date` header. */
  readonly now: () => number;
}

export interface Composer {
  /**
   * Composes the mail of an event for one recipient. Composed again, only its `Date` differs. Throws a `MailError` for
   * an unknown brand, a recipient that is not exactly one address, or a secret that does not fit the kind.
   */
  compose(content: MailContent, brandId: string, recipient: string): ComposedMail;
}

function sender({ services, mail }: Brand, kind: MailKind): string {
  const { name, sender: localPart } = services[senderRoleOf(kind)];
  return senderHeader('From', name, `${localPart}@${mail.domain}`);
}

// Large providers group complaints by these four fields. None may identify a subscriber.
const feedbackId = (kind: MailKind, brand: Brand): string => `${kind}:${brand.id}:notice:denwanotify`;

/** Everything that all mails of a kind share under a brand. */
interface Letterhead {
  readonly brand: Brand;
  readonly from: string;
  readonly headers: readonly string[];
  readonly view: View;
}

function letterhead(brand: Brand, kind: MailKind): Letterhead {
  const headers = [
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: OOF, AutoReply',
    `Feedback-ID: ${feedbackId(kind, brand)}`,
  ];
  return { brand, from: sender(brand, kind), headers, view: brandView(brand, kind) };
}

function letterheads(brands: Brands): ReadonlyMap<string, Readonly<Record<MailKind, Letterhead>>> {
  const kindsOf = (brand: Brand): unknown =>
    Object.fromEntries(MAIL_KINDS.map((kind) => [kind, letterhead(brand, kind)]));
  return new Map([...brands].map(([id, brand]) => [id, kindsOf(brand) as Record<MailKind, Letterhead>]));
}

/** Loads the compiled templates and returns the composer. */
export function createComposer({ templatesDir, brands, tokenKey, now }: ComposerOptions): Composer {
  const templates = loadTemplates(templatesDir);
  const heads = letterheads(brands);
  const key = deriveIdentityKey(tokenKey);
  return {
    compose(content, brandId, recipient) {
      const { source, id, kind } = content.event;
      const head = heads.get(brandId)?.[kind];
      if (!head) throw new MailError('BRAND_UNKNOWN', `No brand file for ${brandId}`);
      const { brand } = head;
      const to = headerAddress(recipient);
      const identity = mailIdentity(key, [source, id, kind, recipient]);
      const messageId = `<${identity.messageId}@${brand.mail.domain}>`;
      const { subject, text, html } = templates[kind](eventView(content, brand), head.view);
      const headers = [
        head.from,
        `To: ${to}`,
        textHeader('Subject', subject),
        `Date: ${rfc5322Date(now())}`,
        `Message-ID: ${messageId}`,
        ...head.headers,
      ];
      return {
        from: `bounce+${identity.returnToken}@${brand.mail.bounceDomain}`,
        to: recipient,
        messageId,
        message: mimeMessage({ headers, text, html, boundary: identity.messageId.slice(0, 8) }),
      };
    },
  };
}
