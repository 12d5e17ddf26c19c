import { FixedText } from './fixed-text.ts';

/** A body: its parts in order, those that differ from mail to mail as plain text. */
export type Body = readonly (string | FixedText)[];

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** 57 octets make a line of 76 characters (RFC 2045 §6.8). */
const OCTETS_A_LINE = 57;
const PAD = '='.charCodeAt(0);
const CR = 13;
const LF = 10;
/** A fixed text shorter than this is encoded with what is around it: a line of its own would cost as much. */
const SHORT = 2 * OCTETS_A_LINE;

const CHARACTERS = Buffer.from(ALPHABET, 'latin1');

/** Memory used again and again: the octets that are not encoded yet. */
let pending = Buffer.alloc(0);

/** The most that `writeBase64Lines` writes for a body. */
export function base64Room(body: Body): number {
  let most = 4;
  // Four characters for three octets and a line's end for 57, and one more line for each part.
  for (const part of body)
    most += (typeof part === 'string' ? part.length * 3 : part.octets.length) * 1.4 + 82;
  return Math.ceil(most);
}

/**
 * Writes a body as base64 of its UTF-8 into `target` from `at` on, in lines of at most 76 characters, each with its end.
 * A long fixed text begins a line, so that what was encoded before can be copied. Answers where it ended; `target` must
 * have `base64Room`.
 */
export function writeBase64Lines(target: Buffer, at: number, body: Body): number {
  makeRoom(body);
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
    at += part.linesBehind(skipped).copy(target, at);
    length = octets.copy(pending, 0, octets.length - ((octets.length - skipped) % 3));
  }
  return writeLines(target, at, length);
}

function makeRoom(body: Body): void {
  let most = 2;
  for (const part of body) most += typeof part === 'string' ? part.length * 3 : SHORT;
  if (pending.length < most) pending = Buffer.alloc(most);
}

/** Encodes the first `length` pending octets. */
function writeLines(target: Buffer, at: number, length: number): number {
  if (length === 0) return at;
  // The last group of three is read whole.
  pending[length] = pending[length + 1] = 0;
  for (let start = 0; start < length; start += OCTETS_A_LINE) {
    const end = Math.min(start + OCTETS_A_LINE, length);
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
  // Before the last line's end.
  if (missing > 0) target.fill(PAD, at - 2 - missing, at - 2);
  return at;
}
