import { SmtpError } from './smtp-error.ts';

const LF = 0x0a;
const DOT = Buffer.from('.');
const FINAL_DOT = Buffer.from('.\r\n');
const CRLF_FINAL_DOT = Buffer.from('\r\n.\r\n');

/**
 * A message as it goes out after DATA: dots at the beginning of a line doubled (RFC 5321 §4.5.2), the final dot behind.
 * The message is not copied. Throws `SMTP_MAIL_UNFIT` for a bare CR before a dot, which some servers take for the end.
 */
export function dataBytes(message: Buffer): Buffer[] {
  if (message.includes('\r.', 0, 'latin1')) {
    throw new SmtpError(
      'SMTP_MAIL_UNFIT',
      'The message: expected CRLF as line end, found a CR alone before a dot',
    );
  }
  const pieces: Buffer[] = [];
  let start = 0;
  if (message[0] === DOT[0]) pieces.push(DOT);
  // A dot after a bare LF is doubled too: some servers would take LF . LF for the end.
  for (
    let found = message.indexOf('\n.', 0, 'latin1');
    found >= 0;
    found = message.indexOf('\n.', found + 1, 'latin1')
  ) {
    pieces.push(message.subarray(start, found + 1), DOT);
    start = found + 1;
  }
  pieces.push(message.subarray(start));
  pieces.push(message.length === 0 || message.at(-1) === LF ? FINAL_DOT : CRLF_FINAL_DOT);
  return pieces;
}
