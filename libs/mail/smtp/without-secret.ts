import type { MailContent } from '../mail.ts';
import type { SendResult } from './mail-sender.ts';
import { withoutQuotedSecret } from './quoted-secret.ts';
import { SmtpError } from './smtp-error.ts';

const LONGEST_KEPT = 500;

/**
 * O5: what a mail server answered, without the code or the link of the mail, which it may have quoted: an answer is kept
 * and published where the secret must not be read. Then cut after 500 characters, not before: of a secret that is cut in
 * the middle the first half would stay. Pure.
 */
export function withoutSecret(result: SendResult, content: MailContent): SendResult {
  const secret = 'secret' in content ? content.secret : undefined;
  if ('response' in result) {
    const { response } = result;
    return { ...result, response: shortened(secret ? withoutQuotedSecret(response, secret) : response) };
  }
  if (!secret) return result;
  const { message } = result.error;
  const clean = withoutQuotedSecret(message, secret);
  if (clean === message) return result;
  const { code, replyCode } = result.error instanceof SmtpError ? result.error : {};
  const details = replyCode === undefined ? {} : { replyCode };
  return { ...result, error: code ? new SmtpError(code, clean, details) : new Error(clean) };
}

function shortened(response: string): string {
  return response.length > LONGEST_KEPT ? `${response.slice(0, LONGEST_KEPT)}…` : response;
}
