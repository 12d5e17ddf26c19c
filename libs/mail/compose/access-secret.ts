import { ACCESS_MAILS, secretSchema, type AccessMailEvent } from '#events';
import { mailTime } from './japan-time.ts';
import type { AccessSecret } from '../mail.ts';
import { MailError } from '../mail-error.ts';

function expiryView(event: AccessMailEvent): { readonly expires: string } {
  if (event.expiresAt === undefined) throw refusal(event, 'an expiresAt');
  return { expires: mailTime(event.expiresAt) };
}

// The value found is never named: it may be the secret.
function refusal({ kind }: AccessMailEvent, expected: string): MailError {
  return new MailError('SECRET_INVALID', `A mail of kind ${kind}: expected ${expected}`);
}

/** The template values of a mail's secret (O1–O3); empty for kinds without one. Throws `SECRET_INVALID`. */
export function secretView(event: AccessMailEvent, secret?: AccessSecret): Readonly<Record<string, string>> {
  const { data } = secretSchema.safeParse(secret);
  switch (ACCESS_MAILS[event.kind].secret) {
    case 'code':
      if (!data || !('code' in data)) throw refusal(event, 'a code of letters, digits and hyphens');
      return { code: data.code, ...expiryView(event) };
    case 'link':
      if (!data || !('link' in data)) throw refusal(event, 'a link beginning with https://');
      return { link: data.link, ...expiryView(event) };
    case null:
      return {};
  }
}
