const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** 57 octets make a line of 76 characters (RFC 2045 §6.8). */
const OCTETS_A_LINE = 57;
const PAD = '='.charCodeAt(0);

/** The two characters of each 12 bits, as they lie in memory. */
const PAIRS = new Uint16Array(4096);
const pairOctets = new Uint8Array(PAIRS.buffer);
for (let bits = 0; bits < 4096; bits += 1) {
  pairOctets[bits * 2] = ALPHABET.charCodeAt(bits >> 6);
  pairOctets[bits * 2 + 1] = ALPHABET.charCodeAt(bits & 63);
}
const [CRLF = 0] = new Uint16Array(Uint8Array.from([13, 10]).buffer);

const encoder = new TextEncoder();
/** Memory used again and again: strings for each line were a quarter of a mail's time. */
let octets = new Uint8Array(0);
let pairs = new Uint16Array(0);

function makeRoom(most: number): void {
  if (octets.length >= most) return;
  // Two octets more, so that the last group of three can be read whole.
  octets = new Uint8Array(most + 2);
  // 38 pairs and a line end for 57 octets, and the same for what is left.
  pairs = new Uint16Array((Math.ceil(octets.length / OCTETS_A_LINE) + 1) * 39);
}

/** A text as base64 of its UTF-8, in lines of 76 characters. The answer is memory that the next call uses again. */
export function base64Lines(text: string): Uint8Array {
  makeRoom(text.length * 3);
  const { written } = encoder.encodeInto(text, octets);
  octets.fill(0, written, written + 2);
  let at = 0;
  for (let start = 0; start < written; start += OCTETS_A_LINE) {
    const end = Math.min(start + OCTETS_A_LINE, written);
    for (let index = start; index < end; index += 3) {
      const bits = ((octets[index] ?? 0) << 16) | ((octets[index + 1] ?? 0) << 8) | (octets[index + 2] ?? 0);
      pairs[at] = PAIRS[bits >> 12] ?? 0;
      pairs[at + 1] = PAIRS[bits & 4095] ?? 0;
      at += 2;
    }
    pairs[at] = CRLF;
    at += 1;
  }
  const encoded = new Uint8Array(pairs.buffer, 0, at * 2);
  const missing = (3 - (written % 3)) % 3;
  // Before the last line's end.
  encoded.fill(PAD, encoded.length - 2 - missing, encoded.length - 2);
  return encoded;
}
