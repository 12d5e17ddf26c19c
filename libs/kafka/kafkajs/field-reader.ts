import { BrokenData } from './unpack-errors.ts';

/** Reads the fields of a record (Kafka's record format v2) one after the other. */
export class FieldReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A zigzag integer of up to 64 bits, 7 to a byte; exact as far as a double is, which no time or offset passes. */
  integer(): number {
    const first = this.byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let zigzag = first & 0x7f;
    let scale = 0x80;
    let byte: number;
    do {
      byte = this.byte();
      zigzag += (byte & 0x7f) * scale;
      scale *= 0x80;
    } while (byte >= 0x80);
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** Bytes behind their length, which is negative for none. */
  field(): Buffer | null {
    const length = this.integer();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  skipField(): void {
    const length = this.integer();
    if (length > 0) this.at += length;
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new BrokenData('a record batch ends within a record');
    this.at += 1;
    return byte;
  }
}
