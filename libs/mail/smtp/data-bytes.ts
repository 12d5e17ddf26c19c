import { SmtpError } from './smtp-error.ts';

const LF = 0x0a;
const CR = 0x0d;
const DOT_OCTET = 0x2e;
const DOT = Buffer.from('.');
const FINAL_DOT = Buffer.from('.\r\n');
const CRLF_FINAL_DOT = Buffer.from('\r\n.\r\n');

/**
 * A message as it goes out after DATA: dots at the beginning of a line doubled (RFC 5321 §4.5.2), the final dot behind.
 * The message is not copied. Throws `SMTP_MAIL_UNFIT` for a bare CR before a dot, which some servers take for the end.
 */
export function dataBytes(message: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  // A message has few dots, and most of its octets none at all: they are found by the one octet.
  for (let at = message.indexOf(DOT_OCTET); at >= 0; at = message.indexOf(DOT_OCTET, at + 1)) {
    const before = at === 0 ? LF : message[at - 1];
    if (before === CR) {
      throw new SmtpError(
        'SMTP_MAIL_UNFIT',
        'The message: expected CRLF as line end, found a CR alone before a dot',
      );
    }
    // A dot after a bare LF is doubled too: some servers would take LF . LF for the end.
    if (before !== LF) continue;
    if (at > start) pieces.push(message.subarray(start, at));
    pieces.push(DOT);
    start = at;
  }
  pieces.push(message.subarray(start));
  pieces.push(message.length === 0 || message.at(-1) === LF ? FINAL_DOT : CRLF_FINAL_DOT);
  return pieces;
}
