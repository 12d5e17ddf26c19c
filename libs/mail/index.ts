export type { Brand, Brands } from './brand.ts';
export { createComposer, type Composer, type ComposerOptions } from './composer.ts';
export { loadBrands } from './load-brands.ts';
export { MailError, type MailErrorCode } from './mail-error.ts';
export { MAIL_KINDS, type MailKind } from './mail-kind.ts';
export type { AccessSecret, ComposedMail, MailContent, MailSender, SendResult } from './mail.ts';
export { BRANDS_DIR, COMPILED_TEMPLATES_DIR } from './package-root.ts';
export { mailDomainLabel } from './smtp/mail-domain-label.ts';
