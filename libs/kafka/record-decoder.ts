import { createRequire } from 'node:module';
import type { IHeaders } from 'kafkajs';

const require = createRequire(import.meta.url);

/** kafkajs' reader of Kafka's protocol, as far as a record needs it. */
interface Decoder {
  readonly buffer: Buffer;
  offset: number;
  readInt8(): number;
  readVarInt(): number;
  readVarIntBytes(): Buffer | null;
  readVarIntString(): string;
  readAll(): Buffer;
}
const DecoderOf = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => Decoder;

/** What the batch says of all its records. */
interface BatchContext {
  readonly firstOffset: string;
  readonly firstTimestamp: string;
  readonly magicByte: number;
  readonly isControlBatch?: boolean;
  readonly timestampType?: number;
  readonly maxTimestamp?: string;
}

const LOG_APPEND_TIME = 1;

/** A record as kafkajs hands it on. Its headers are read when they are asked for: until then they are one buffer. */
class DecodedRecord {
  readonly magicByte: number;
  readonly attributes: number;
  readonly timestamp: string;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
  private readonly headerBytes: Buffer;

  constructor(decoder: Decoder, context: BatchContext) {
    this.attributes = decoder.readInt8();
    const timestamp = sum(context.firstTimestamp, readVarLong(decoder));
    const isAppendTime = context.timestampType === LOG_APPEND_TIME && context.maxTimestamp;
    this.timestamp = isAppendTime ? context.maxTimestamp : timestamp;
    this.offset = sum(context.firstOffset, decoder.readVarInt());
    this.key = decoder.readVarIntBytes();
    this.value = decoder.readVarIntBytes();
    this.headerBytes = decoder.readAll();
    this.magicByte = context.magicByte;
    this.isControlRecord = context.isControlBatch ?? false;
    this.batchContext = context;
  }

  get headers(): IHeaders {
    const decoder = new DecoderOf(this.headerBytes);
    const headers: IHeaders = {};
    for (let left = decoder.readVarInt(); left > 0; left--) {
      add(headers, decoder.readVarIntString(), decoder.readVarIntBytes());
    }
    return headers;
  }
}

/** A header that stands there several times is a list, as kafkajs has it; kafkajs hands on an empty one as null. */
function add(headers: IHeaders, name: string, value: Buffer | null): void {
  const single = value as Buffer;
  const before = headers[name];
  headers[name] =
    before === undefined ? single : Array.isArray(before) ? [...before, single] : [before, single];
}

/** A signed integer of up to 64 bits, 7 to a byte; exact as far as a double is, which no time or offset passes. */
function readVarLong(decoder: Decoder): number {
  let zigzag = 0;
  let scale = 1;
  let byte: number;
  do {
    byte = decoder.buffer[decoder.offset++] ?? 0;
    zigzag += (byte & 0x7f) * scale;
    scale *= 0x80;
  } while (byte >= 0x80);
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

function sum(first: string, delta: number): string {
  const result = Number(first) + delta;
  return Number.isSafeInteger(result) ? String(result) : String(BigInt(first) + BigInt(delta));
}

/** Reads one record of a batch (Kafka's record format v2), as kafkajs' `protocol/recordBatch/record/v0/decoder` does. */
export function decodeRecord(decoder: Decoder, context: BatchContext): DecodedRecord {
  return new DecodedRecord(decoder, context);
}

/**
 * kafkajs as published makes a buffer for each header and copies all headers of a record for each of them: most of what
 * a fetch holds, and of what reading it costs. Replaced where kafkajs will look for it, so this has to be loaded first.
 */
const path = require.resolve('kafkajs/src/protocol/recordBatch/record/v0/decoder.js');
require(path);
const published = require.cache[path];
if (published) published.exports = decodeRecord;
