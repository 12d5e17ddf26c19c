import type { MailContent, SendResult } from './mail.ts';
import { withoutQuotedSecret } from './smtp/quoted-secret.ts';
import { SmtpError } from './smtp/smtp-error.ts';

/**
 * O5: what a mail server answered, without the code or the link of the mail, which it may have quoted: an answer is kept
 * and published where the secret must not be read. The same result for a mail without a secret. Pure.
 */
export function withoutSecret(result: SendResult, content: MailContent): SendResult {
  const secret = 'secret' in content ? content.secret : undefined;
  if (!secret) return result;
  if ('response' in result) return { ...result, response: withoutQuotedSecret(result.response, secret) };
  const { message } = result.error;
  const clean = withoutQuotedSecret(message, secret);
  if (clean === message) return result;
  const { code, replyCode } = result.error instanceof SmtpError ? result.error : {};
  const details = replyCode === undefined ? {} : { replyCode };
  return { ...result, error: code ? new SmtpError(code, clean, details) : new Error(clean) };
}
