import type { ComposedMail } from '../mail.ts';
import type { Extensions } from './extensions.ts';
import { SmtpError } from './smtp-error.ts';

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
/** `Dot-string` of RFC 5321 §4.1.2. Any other local part must be quoted. */
const DOT_STRING = /^[^.]+(\.[^.]+)*$/;
const DOMAIN = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
/** RFC 5321 §4.5.3.1.3: a path is 256 octets with its angle brackets. */
const LONGEST_ADDRESS = 254;
/** RFC 3461 §4.4. */
const LONGEST_ENVID = 100;

/**
 * The address between the angle brackets of MAIL or RCPT. Old addresses with misplaced dots (C13) are quoted:
 * `"ab..cd."@docomo.ne.jp`. Throws `SMTP_MAIL_UNFIT` for anything but one address of plain characters, so that no command,
 * parameter or second recipient can be smuggled in.
 */
export function pathOf(address: string, role: 'sender' | 'recipient'): string {
  const at = address.indexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  if (!LOCAL.test(local) || !DOMAIN.test(domain) || address.length > LONGEST_ADDRESS) {
    // The address is not repeated: the message ends up in logs.
    const expected = `one address of letters, digits and .!#$%&'*+/=?^_\`{|}~- with one @, at most ${LONGEST_ADDRESS} characters`;
    throw new SmtpError('SMTP_MAIL_UNFIT', `The envelope's ${role}: expected ${expected}`);
  }
  return DOT_STRING.test(local) ? address : `"${local}"@${domain}`;
}

/** RFC 3461 §4 `xtext`. */
function xtext(text: string): string {
  return text.replace(
    /[^!-*,-<>-~]/g,
    (character) => `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** The commands of a mail's envelope, each with its CRLF. */
export interface EnvelopeCommands {
  readonly mail: string;
  readonly rcpt: string;
}

/** Builds MAIL and RCPT with the parameters that the server's extensions allow. Throws `SMTP_MAIL_UNFIT`. */
export function envelopeCommands(
  mail: Pick<ComposedMail, 'from' | 'to' | 'messageId' | 'message'>,
  { size, dsn }: Extensions,
): EnvelopeCommands {
  const sizeParameter = size === undefined ? '' : ` SIZE=${mail.message.length}`;
  const id = xtext(mail.messageId.replace(/^<|>$/g, ''));
  const envid = id === '' || id.length > LONGEST_ENVID ? '' : ` ENVID=${id}`;
  const dsnParameters = dsn ? ` RET=HDRS${envid}` : '';
  return {
    mail: `MAIL FROM:<${pathOf(mail.from, 'sender')}>${sizeParameter}${dsnParameters}\r\n`,
    rcpt: `RCPT TO:<${pathOf(mail.to, 'recipient')}>${dsn ? ' NOTIFY=FAILURE,DELAY' : ''}\r\n`,
  };
}
