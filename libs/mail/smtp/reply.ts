import { SmtpError } from './smtp-error.ts';

/** A reply of a mail server (RFC 5321 §4.2). */
export interface SmtpReply {
  readonly code: number;
  /** The enhanced status code (RFC 3463), such as `5.1.1`; empty when the reply has none. */
  readonly enhanced: string;
  /** The text of all lines, joined by spaces, without codes and control characters. */
  readonly text: string;
}

/** RFC 5321 §4.5.3.1.5 says 512. Servers that put an address and a link into a line need more. */
const MAX_LINE_BYTES = 4_096;
const MAX_REPLY_BYTES = 65_536;
/** A server repeats the same few lines for every mail. Only the final reply usually differs, by its queue id. */
const MAX_CACHED = 16;

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);
const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/;
/** Control characters must not get into logs and tables. */
const CONTROL = /\p{Cc}+/gu;

/** Parses replies from a stream of bytes, however it is split into chunks. */
export class ReplyParser {
  /** The start of an unfinished line. */
  private partial = EMPTY;
  private lines: string[] = [];
  private size = 0;
  /** Parsed single-line replies, by their line. */
  private readonly cache = new Map<string, SmtpReply>();

  /** Calls `onReply` for each reply that is now complete. Throws `SMTP_PROTOCOL` for anything that is no reply. */
  push(chunk: Buffer, onReply: (reply: SmtpReply) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const reply = this.line(chunk.subarray(start, end));
      start = end + 1;
      if (reply) onReply(reply);
    }
    if (start < chunk.length) this.partial = Buffer.concat([this.partial, chunk.subarray(start)]);
    if (this.partial.length > MAX_LINE_BYTES) throw tooLong('line', MAX_LINE_BYTES);
  }

  private line(bytes: Buffer): SmtpReply | undefined {
    const whole = this.partial.length > 0 ? Buffer.concat([this.partial, bytes]) : bytes;
    this.partial = EMPTY;
    if (whole.length > MAX_LINE_BYTES) throw tooLong('line', MAX_LINE_BYTES);
    this.size += whole.length;
    if (this.size > MAX_REPLY_BYTES) throw tooLong('reply', MAX_REPLY_BYTES);
    const line = whole.toString('utf8', 0, whole.at(-1) === CR ? whole.length - 1 : whole.length);
    // Some servers put an empty line between replies.
    if (line.trim() === '') return undefined;
    const cached = this.lines.length === 0 ? this.cache.get(line) : undefined;
    if (cached) {
      this.size = 0;
      return cached;
    }
    const [, code, more, text = ''] = LINE.exec(line) ?? [];
    if (code === undefined) {
      throw new SmtpError(
        'SMTP_PROTOCOL',
        'The mail server sent a line that does not begin with a reply code',
      );
    }
    this.lines.push(text);
    if (more === '-') return undefined;
    const { lines } = this;
    this.lines = [];
    this.size = 0;
    // If the codes of one reply differ, the last line's counts (RFC 5321 §4.2.1).
    const reply = replyOf(Number(code), lines);
    if (lines.length === 1 && this.cache.size < MAX_CACHED) this.cache.set(line, reply);
    return reply;
  }
}

function tooLong(what: string, most: number): SmtpError {
  return new SmtpError('SMTP_PROTOCOL', `The mail server sent a ${what} of more than ${most} bytes`);
}

function replyOf(code: number, lines: readonly string[]): SmtpReply {
  const enhanced = ENHANCED.exec(lines.at(-1) ?? '')?.[1] ?? '';
  const texts = enhanced === '' ? lines : lines.map((line) => line.replace(ENHANCED, ''));
  return { code, enhanced, text: texts.join(' ').replace(CONTROL, ' ').trim() };
}

/** A reply as one line: `550 5.1.1 User unknown`. `withoutSecret` shortens it. */
export function showReply({ code, enhanced, text }: SmtpReply): string {
  return [String(code), enhanced, text].filter((part) => part !== '').join(' ');
}
