import { maxBase64Size, writeBase64Lines, type Body } from './base64-lines.ts';

export interface MimeParts {
  /** Folded header lines in order, without MIME-Version and Content-Type. */
  readonly headers: readonly string[];
  readonly text: Body;
  readonly html: Body;
  /** Letters and digits. `=_` goes in front of it, which base64 cannot contain, so it never occurs in a body. */
  readonly boundary: string;
}

/** The boundary line and headers of a part. */
function partHead(mark: string, type: string): string {
  return `--${mark}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
}

/** Scratch buffer in which every message is built. */
let draft = Buffer.alloc(32 * 1024);

/** Finished messages share slabs: an allocation for each would keep the garbage collector busy. */
const SLAB_BYTES = 512 * 1024;
let slab = Buffer.alloc(0);

/** Copies the first `length` octets of the draft. */
function finished(length: number): Buffer {
  if (length > SLAB_BYTES / 8) return Buffer.from(draft.subarray(0, length));
  if (slab.length < length) slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  const message = slab.subarray(0, length);
  slab = slab.subarray(length);
  draft.copy(message, 0, 0, length);
  return message;
}

/** Builds a complete multipart/alternative message. The HTML comes last because readers prefer the last part (RFC 2046 §5.1.4). */
export function mimeMessage({ headers, text, html, boundary }: MimeParts): Buffer {
  const mark = `=_${boundary}`;
  const head =
    `${headers.join('\r\n')}\r\nMIME-Version: 1.0\r\n` +
    `Content-Type: multipart/alternative;\r\n boundary="${mark}"\r\n\r\n${partHead(mark, 'text/plain')}`;
  const between = partHead(mark, 'text/html');
  const maxSize = head.length + maxBase64Size(text) + between.length + maxBase64Size(html) + mark.length + 8;
  if (draft.length < maxSize) draft = Buffer.alloc(maxSize);
  let at = draft.write(head, 0, 'latin1');
  at = writeBase64Lines(draft, at, text);
  at += draft.write(between, at, 'latin1');
  at = writeBase64Lines(draft, at, html);
  at += draft.write(`--${mark}--\r\n`, at, 'latin1');
  return finished(at);
}
