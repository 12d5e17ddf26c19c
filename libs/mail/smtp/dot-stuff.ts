import { SmtpError } from './smtp-error.ts';

const LF = 0x0a;
const CR = 0x0d;
const DOT_OCTET = 0x2e;
const DOT = Buffer.from('.');
const FINAL_DOT = Buffer.from('.\r\n');
const CRLF_FINAL_DOT = Buffer.from('\r\n.\r\n');

/**
 * Dot-stuffs a message (RFC 5321 §4.5.2): a dot at the start of a line is doubled, and the final dot is appended. The
 * message is not copied. Throws `SMTP_MAIL_UNFIT` for a bare CR before a dot, which some servers take for the end.
 */
export function dotStuff(message: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  // Dots are rare in a message, so searching for the single octet is fast.
  for (let at = message.indexOf(DOT_OCTET); at >= 0; at = message.indexOf(DOT_OCTET, at + 1)) {
    const before = at === 0 ? LF : message[at - 1];
    if (before === CR) {
      throw new SmtpError(
        'SMTP_MAIL_UNFIT',
        'The message: expected CRLF as line end, found a CR alone before a dot',
      );
    }
    // A dot after a bare LF is doubled too: some servers take LF . LF for the end.
    if (before !== LF) continue;
    if (at > start) pieces.push(message.subarray(start, at));
    pieces.push(DOT);
    start = at;
  }
  pieces.push(message.subarray(start));
  pieces.push(message.length === 0 || message.at(-1) === LF ? FINAL_DOT : CRLF_FINAL_DOT);
  return pieces;
}
