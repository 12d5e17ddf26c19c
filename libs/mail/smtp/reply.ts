import { SmtpError } from './smtp-error.ts';

/** One reply of a mail server (RFC 5321 §4.2). */
export interface SmtpReply {
  readonly code: number;
  /** RFC 3463's code, such as `5.1.1`; empty when the reply has none. */
  readonly enhanced: string;
  /** The lines' texts joined by spaces, without codes and control characters. */
  readonly text: string;
}

/** RFC 5321 §4.5.3.1.5 says 512; servers that put an address and a link into a line need more. */
const LONGEST_LINE = 4_096;
const LONGEST_REPLY = 65_536;
/** A server says the same few lines for every mail; only the last reply may name each mail's place in its queue. */
const MOST_KNOWN = 16;

const LF = 0x0a;
const CR = 0x0d;
const EMPTY = Buffer.alloc(0);
const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/;
/** A server's text ends up in logs and tables. */
const CONTROL = /\p{Cc}+/gu;

/** Reads replies out of a stream of bytes, however it is cut into chunks. */
export class ReplyParser {
  /** The beginning of a line whose end has not come yet. */
  private begun = EMPTY;
  private lines: string[] = [];
  private size = 0;
  /** The first replies of one line, by this line. */
  private readonly known = new Map<string, SmtpReply>();

  /** Tells `onReply` of each reply that is complete now. Throws `SMTP_PROTOCOL` for what is no reply. */
  push(chunk: Buffer, onReply: (reply: SmtpReply) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const reply = this.line(chunk.subarray(start, end));
      start = end + 1;
      if (reply) onReply(reply);
    }
    if (start < chunk.length) this.begun = Buffer.concat([this.begun, chunk.subarray(start)]);
    if (this.begun.length > LONGEST_LINE) throw tooLong('line', LONGEST_LINE);
  }

  private line(bytes: Buffer): SmtpReply | undefined {
    const whole = this.begun.length > 0 ? Buffer.concat([this.begun, bytes]) : bytes;
    this.begun = EMPTY;
    if (whole.length > LONGEST_LINE) throw tooLong('line', LONGEST_LINE);
    this.size += whole.length;
    if (this.size > LONGEST_REPLY) throw tooLong('reply', LONGEST_REPLY);
    const line = whole.toString('utf8', 0, whole.at(-1) === CR ? whole.length - 1 : whole.length);
    // Some servers put an empty line between replies.
    if (line.trim() === '') return undefined;
    const known = this.lines.length === 0 ? this.known.get(line) : undefined;
    if (known) {
      this.size = 0;
      return known;
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
    // Where codes of one reply differ, the last line's counts (RFC 5321 §4.2.1).
    const reply = replyOf(Number(code), lines);
    if (lines.length === 1 && this.known.size < MOST_KNOWN) this.known.set(line, reply);
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

/** A whole reply as people read it: `550 5.1.1 User unknown`. `withoutSecret` shortens it. */
export function showReply({ code, enhanced, text }: SmtpReply): string {
  return [String(code), enhanced, text].filter((part) => part !== '').join(' ');
}
