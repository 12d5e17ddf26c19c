/** The parts of a body in order. What differs from mail to mail is a plain string. */
export type Body = readonly (string | FixedText)[];

/** Text that is the same in every mail. Caches its base64. */
export class FixedText {
  readonly text: string;
  readonly octets: Buffer;
  private readonly encoded: (Buffer | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
    this.octets = Buffer.from(text, 'utf8');
  }

  /** The base64 lines, CRLF included, of all whole groups of three octets after the first `skipped` (0 to 2) octets. */
  linesAfter(skipped: number): Buffer {
    return (this.encoded[skipped] ??= encodedLines(this.octets.subarray(skipped)));
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** 57 octets become a line of 76 characters (RFC 2045 §6.8). */
const OCTETS_PER_LINE = 57;
const PAD = '='.charCodeAt(0);
const CR = 13;
const LF = 10;
/** Shorter fixed texts are not worth a line of their own and are encoded with their neighbours. */
const SHORT = 2 * OCTETS_PER_LINE;

const CHARACTERS = Buffer.from(ALPHABET, 'latin1');

/** Octets not encoded yet. Reused by every call. */
let pending = Buffer.alloc(0);

/** The most octets that `writeBase64Lines` writes for a body. */
export function maxBase64Size(body: Body): number {
  let most = 4;
  // Four characters for every three octets, CRLF after every 57, and up to one extra line for each part.
  for (const part of body)
    most += (typeof part === 'string' ? part.length * 3 : part.octets.length) * 1.4 + 82;
  return Math.ceil(most);
}

/**
 * Writes a body as UTF-8 in base64 to `target`, starting at `at`, in lines of at most 76 characters plus CRLF. A long
 * fixed text starts a new line so that its cached encoding can be copied. Returns the end offset. `target` needs
 * `maxBase64Size` octets from `at`.
 */
export function writeBase64Lines(target: Buffer, at: number, body: Body): number {
  growPending(body);
  let length = 0;
  for (const part of body) {
    if (typeof part === 'string') {
      length += pending.write(part, length);
      continue;
    }
    const { octets } = part;
    if (octets.length < SHORT) {
      length += octets.copy(pending, length);
      continue;
    }
    const skipped = (3 - (length % 3)) % 3;
    length += octets.copy(pending, length, 0, skipped);
    at = writeLines(target, at, length);
    at += part.linesAfter(skipped).copy(target, at);
    length = octets.copy(pending, 0, octets.length - ((octets.length - skipped) % 3));
  }
  return writeLines(target, at, length);
}

function growPending(body: Body): void {
  let most = 2;
  for (const part of body) most += typeof part === 'string' ? part.length * 3 : SHORT;
  if (pending.length < most) pending = Buffer.alloc(most);
}

/** Encodes the first `length` pending octets. */
function writeLines(target: Buffer, at: number, length: number): number {
  if (length === 0) return at;
  // The last group of three is read as a whole.
  pending[length] = pending[length + 1] = 0;
  for (let start = 0; start < length; start += OCTETS_PER_LINE) {
    const end = Math.min(start + OCTETS_PER_LINE, length);
    for (let index = start; index < end; index += 3) {
      const bits =
        ((pending[index] ?? 0) << 16) | ((pending[index + 1] ?? 0) << 8) | (pending[index + 2] ?? 0);
      target[at] = CHARACTERS[bits >> 18] ?? 0;
      target[at + 1] = CHARACTERS[(bits >> 12) & 63] ?? 0;
      target[at + 2] = CHARACTERS[(bits >> 6) & 63] ?? 0;
      target[at + 3] = CHARACTERS[bits & 63] ?? 0;
      at += 4;
    }
    target[at] = CR;
    target[at + 1] = LF;
    at += 2;
  }
  const missing = (3 - (length % 3)) % 3;
  // Just before the last CRLF.
  if (missing > 0) target.fill(PAD, at - 2 - missing, at - 2);
  return at;
}

function encodedLines(octets: Buffer): Buffer {
  const whole = octets.length - (octets.length % 3);
  const lines: string[] = [];
  for (let start = 0; start < whole; start += OCTETS_PER_LINE) {
    lines.push(`${octets.toString('base64', start, Math.min(start + OCTETS_PER_LINE, whole))}\r\n`);
  }
  return Buffer.from(lines.join(''), 'latin1');
}
