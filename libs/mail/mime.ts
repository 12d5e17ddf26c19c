import { base64Lines } from './base64-lines.ts';

export interface MimeParts {
  /** Header lines in order, folded, without MIME-Version and Content-Type. */
  readonly headers: readonly string[];
  readonly text: string;
  readonly html: string;
  /** Letters and digits. It is framed by characters that base64 does not have, so no body can contain it. */
  readonly boundary: string;
}

/** The boundary and the headers of a part. */
function partHead(mark: string, type: string): string {
  return `--${mark}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
}

/** A complete message: multipart/alternative, the text first and the HTML, which readers prefer, last (RFC 2046 §5.1.4). */
export function mimeMessage({ headers, text, html, boundary }: MimeParts): Buffer {
  const mark = `=_${boundary}`;
  const head =
    `${headers.join('\r\n')}\r\nMIME-Version: 1.0\r\n` +
    `Content-Type: multipart/alternative;\r\n boundary="${mark}"\r\n\r\n${partHead(mark, 'text/plain')}`;
  // The text's lines are memory that the HTML's use again: copied first.
  const first = Buffer.concat([Buffer.from(head, 'latin1'), base64Lines(text)]);
  return Buffer.concat([
    first,
    Buffer.from(partHead(mark, 'text/html'), 'latin1'),
    base64Lines(html),
    Buffer.from(`--${mark}--\r\n`, 'latin1'),
  ]);
}
