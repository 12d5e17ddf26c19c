import type { AccessMailEvent } from '#events';
import { japanTime } from './japan-time.ts';
import type { AccessSecret } from './mail.ts';
import { MailError } from './mail-error.ts';

/** Letters and digits: a code that could be a link or markup is none of ours. */
const CODE = /^[0-9A-Za-z-]{1,32}$/;
const LINK = /^https:\/\/[\x21-\x7e]{1,2000}$/;

function isSafeLink(link: string): boolean {
  if (!LINK.test(link) || !URL.canParse(link)) return false;
  const { protocol, username, password } = new URL(link);
  // A name before the host (https://our.site@evil.example/) shows another site than it opens.
  return protocol === 'https:' && username === '' && password === '';
}

function expiryView(event: AccessMailEvent): { readonly expires: string } {
  if (event.expiresAt === undefined) throw refusal(event, 'an expiresAt');
  return { expires: japanTime(event.expiresAt) };
}

// What was found is never named: it may be the secret.
function refusal({ kind }: AccessMailEvent, expected: string): MailError {
  return new MailError('SECRET_INVALID', `A mail of kind ${kind}: expected ${expected}`);
}

/** What a template may use of the secret (O1–O3); empty for kinds that have none. Throws `SECRET_INVALID`. */
export function secretView(event: AccessMailEvent, secret?: AccessSecret): Readonly<Record<string, string>> {
  switch (event.kind) {
    case 'one-time-password':
    case 'two-step-code':
      if (!secret || !('code' in secret) || !CODE.test(secret.code))
        throw refusal(event, 'a code of 1 to 32 letters, digits and hyphens');
      return { code: secret.code, ...expiryView(event) };
    case 'address-registration':
      if (!secret || !('link' in secret) || !isSafeLink(secret.link))
        throw refusal(event, 'a link beginning with https:// without user name, at most 2000 characters');
      return { link: secret.link, ...expiryView(event) };
    case 'password-changed':
    case 'address-changed':
    case 'account-locked':
    case 'test':
      return {};
  }
}
