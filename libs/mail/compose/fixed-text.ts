/** 57 octets make a line of 76 characters (RFC 2045 §6.8). */
const OCTETS_A_LINE = 57;

/** A part of a body that is the same in every mail, with its base64 kept ready. */
export class FixedText {
  readonly text: string;
  readonly octets: Buffer;
  private readonly encoded: (Buffer | undefined)[] = [];

  constructor(text: string) {
    this.text = text;
    this.octets = Buffer.from(text, 'utf8');
  }

  /** The base64 of the whole groups of three octets behind the first `skipped` (0 to 2), in lines with their ends. */
  linesBehind(skipped: number): Buffer {
    return (this.encoded[skipped] ??= encodedLines(this.octets.subarray(skipped)));
  }
}

function encodedLines(octets: Buffer): Buffer {
  const whole = octets.length - (octets.length % 3);
  const lines: string[] = [];
  for (let start = 0; start < whole; start += OCTETS_A_LINE) {
    lines.push(`${octets.toString('base64', start, Math.min(start + OCTETS_A_LINE, whole))}\r\n`);
  }
  return Buffer.from(lines.join(''), 'latin1');
}
