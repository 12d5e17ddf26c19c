import type { IHeaders } from 'kafkajs';
import { BrokenData } from './unpack-errors.ts';

/** The fields that a batch has for all its records, named as in kafkajs. */
export interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly lastOffsetDelta: number;
  readonly partitionLeaderEpoch: number;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly magicByte: number;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
  readonly timestampType: number;
}

export const LOG_APPEND_TIME = 1;

// oxlint-disable-next-line no-control-regex -- the whole of ASCII
const ASCII = /^[\0-\x7f]*$/;

/**
 * A record as kafkajs hands it on. Its fields are decoded when they are read, each time: a fetch holds thousands of
 * records, and values that do not outlive their use cost the garbage collector nothing.
 */
export class FetchedRecord {
  readonly batchContext: BatchContext;
  private readonly bytes: Buffer;
  private readonly start: number;
  private readonly end: number;
  private readonly keyAt: number;
  private readonly timestampDelta: number;
  private readonly offsetDelta: number;

  /** Reads the record at the reader's position, beginning with its length, and moves the reader behind it. */
  constructor(reader: FieldReader, context: BatchContext) {
    this.batchContext = context;
    this.bytes = reader.bytes;
    const length = reader.integer();
    this.start = reader.at;
    this.end = reader.at + length;
    reader.at += 1;
    this.timestampDelta = reader.integer();
    this.offsetDelta = reader.integer();
    this.keyAt = reader.at;
    reader.at = this.end;
  }

  get magicByte(): number {
    return this.batchContext.magicByte;
  }

  get isControlRecord(): boolean {
    return this.batchContext.isControlBatch;
  }

  /** The unpacked size of the record. */
  get byteLength(): number {
    return this.end - this.start;
  }

  get attributes(): number {
    return this.bytes.readInt8(this.start);
  }

  get timestamp(): string {
    const { firstTimestamp, maxTimestamp, timestampType } = this.batchContext;
    return timestampType === LOG_APPEND_TIME ? maxTimestamp : sum(firstTimestamp, this.timestampDelta);
  }

  get offset(): string {
    return sum(this.batchContext.firstOffset, this.offsetDelta);
  }

  get key(): Buffer | null {
    return new FieldReader(this.bytes, this.keyAt).field();
  }

  get value(): Buffer | null {
    const reader = new FieldReader(this.bytes, this.keyAt);
    reader.skipField();
    return reader.field();
  }

  /** Values are strings when all headers are ASCII, because that is faster; otherwise buffers. */
  get headers(): IHeaders {
    const reader = new FieldReader(this.bytes, this.keyAt);
    reader.skipField();
    reader.skipField();
    const text = this.bytes.toString('latin1', reader.at, this.end);
    return ASCII.test(text) ? asciiHeaders(text) : headersOf(reader);
  }
}

/** Every integer in it is a single octet, or the text would not be ASCII. */
function asciiHeaders(text: string): IHeaders {
  const headers: IHeaders = {};
  let at = 0;
  const integer = (): number => {
    const zigzag = text.charCodeAt(at++);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  };
  const field = (): string | null => {
    const length = integer();
    if (length < 0) return null;
    at += length;
    return text.slice(at - length, at);
  };
  for (let left = integer(); left > 0; left--) add(headers, field() ?? '', field());
  return headers;
}

function headersOf(reader: FieldReader): IHeaders {
  const headers: IHeaders = {};
  for (let left = reader.integer(); left > 0; left--) {
    add(headers, reader.field()?.toString() ?? '', reader.field());
  }
  return headers;
}

/** As in kafkajs, a repeated header becomes an array and one without a value becomes null. */
function add(headers: IHeaders, name: string, value: Buffer | string | null): void {
  const single = value as Buffer | string;
  const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
  const all = before === undefined ? single : Array.isArray(before) ? [...before, single] : [before, single];
  if (name === '__proto__')
    Object.defineProperty(headers, name, { value: all, enumerable: true, configurable: true });
  else headers[name] = all;
}

function sum(first: string, delta: number): string {
  const result = Number(first) + delta;
  return Number.isSafeInteger(result) ? String(result) : String(BigInt(first) + BigInt(delta));
}

/** Reads the fields of a record (Kafka's record format v2) in order. */
export class FieldReader {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** A zigzag varint of up to 64 bits; exact up to 2^53, beyond any timestamp or offset delta. */
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

  /** Bytes with their length in front, which is negative for null. */
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
