import { base64Room, writeBase64Lines, type Body } from './base64-lines.ts';

export interface MimeParts {
  /** Header lines in order, folded, without MIME-Version and Content-Type. */
  readonly headers: readonly string[];
  readonly text: Body;
  readonly html: Body;
  /** Letters and digits. It is framed by characters that base64 does not have, so no body can contain it. */
  readonly boundary: string;
}

/** The boundary and the headers of a part. */
function partHead(mark: string, type: string): string {
  return `--${mark}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
}

/** Memory in which each message is put together. */
let draft = Buffer.alloc(32 * 1024);

/** Memory of many messages: one allocation for each would keep the collector busy. */
const SLAB_BYTES = 512 * 1024;
let slab = Buffer.alloc(0);

/** A copy of the first octets of the draft. */
function finished(length: number): Buffer {
  if (length > SLAB_BYTES / 8) return Buffer.from(draft.subarray(0, length));
  if (slab.length < length) slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  const message = slab.subarray(0, length);
  slab = slab.subarray(length);
  draft.copy(message, 0, 0, length);
  return message;
}

/** A complete message: multipart/alternative, the text first and the HTML, which readers prefer, last (RFC 2046 §5.1.4). */
export function mimeMessage({ headers, text, html, boundary }: MimeParts): Buffer {
  const mark = `=_${boundary}`;
  const head =
    `${headers.join('\r\n')}\r\nMIME-Version: 1.0\r\n` +
    `Content-Type: multipart/alternative;\r\n boundary="${mark}"\r\n\r\n${partHead(mark, 'text/plain')}`;
  const between = partHead(mark, 'text/html');
  const room = head.length + base64Room(text) + between.length + base64Room(html) + mark.length + 8;
  if (draft.length < room) draft = Buffer.alloc(room);
  let at = draft.write(head, 0, 'latin1');
  at = writeBase64Lines(draft, at, text);
  at += draft.write(between, at, 'latin1');
  at = writeBase64Lines(draft, at, html);
  at += draft.write(`--${mark}--\r\n`, at, 'latin1');
  return finished(at);
}
