import { createRequire } from 'node:module';
import { FetchedRecord, LOG_APPEND_TIME, type BatchContext } from './fetched-record.ts';
import { FieldReader } from './field-reader.ts';
import { standInRecord } from './stand-in-record.ts';
import { countUnpacked, mayUnpack } from './unpacked-budget.ts';

const require = createRequire(import.meta.url);

/** kafkajs' reader of Kafka's protocol, as far as a batch needs it. */
interface Decoder {
  readonly buffer: Buffer;
  readInt32(): number;
  readInt64(): bigint;
  slice(size: number): Decoder;
  forward(size: number): void;
}

type Codec = { decompress(bytes: Buffer): Promise<Buffer> } | null;
const { lookupCodecByAttributes } = require('kafkajs/src/protocol/message/compression/index.js') as {
  lookupCodecByAttributes: (attributes: number) => Codec;
};
const crc32C = require('kafkajs/src/protocol/recordBatch/crc32C/index.js') as (bytes: Buffer) => number;
const { KafkaJSPartialMessageError } = require('kafkajs/src/errors.js') as {
  KafkaJSPartialMessageError: new (message: string) => Error;
};

/** Bits of a batch's attributes. */
const TIMESTAMP_TYPE = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** Where the checksum (CRC-32C of all behind it) stands behind the batch's length. */
const CRC_AT = 5;
/** Where the count of records stands behind the batch's length, and where the records begin. */
const COUNT_AT = 45;
const RECORDS_AT = 49;

/** A batch of records as kafkajs hands it on. */
export interface RecordBatch extends BatchContext {
  readonly records: readonly FetchedRecord[];
}

/**
 * Reads a batch of records (Kafka's record format v2) as kafkajs' `protocol/recordBatch/v0/decoder` does. Rejects with
 * kafkajs' own error when the fetch ended within it.
 */
export async function decodeRecordBatch(fetched: Decoder): Promise<RecordBatch> {
  const firstOffset = String(fetched.readInt64());
  const length = fetched.readInt32();
  const bytes = fetched.slice(length).buffer;
  fetched.forward(length);
  if (bytes.length < length) {
    throw new KafkaJSPartialMessageError(
      `a record batch of ${length} bytes, ${bytes.length} of them are here`,
    );
  }
  const attributes = bytes.readInt16BE(9);
  const context: BatchContext = {
    firstOffset,
    firstTimestamp: String(bytes.readBigInt64BE(15)),
    maxTimestamp: String(bytes.readBigInt64BE(23)),
    lastOffsetDelta: bytes.readInt32BE(11),
    partitionLeaderEpoch: bytes.readInt32BE(0),
    producerId: String(bytes.readBigInt64BE(31)),
    producerEpoch: bytes.readInt16BE(39),
    firstSequence: bytes.readInt32BE(41),
    magicByte: bytes.readInt8(4),
    inTransaction: (attributes & TRANSACTIONAL) > 0,
    isControlBatch: (attributes & CONTROL) > 0,
    timestampType: (attributes & TIMESTAMP_TYPE) > 0 ? LOG_APPEND_TIME : 0,
  };
  const count = bytes.readInt32BE(COUNT_AT);
  const packed = bytes.subarray(RECORDS_AT);
  const codec = lookupCodecByAttributes(attributes);
  const unpacked = codec && count > 0 ? await unpack(codec, packed, bytes) : packed;
  if (!unpacked) return { ...context, records: [standInRecord(context, packed, count)] };
  const reader = new FieldReader(unpacked, 0);
  const records: FetchedRecord[] = [];
  for (let left = count; left > 0; left--) records.push(new FetchedRecord(reader, context));
  return { ...context, records };
}

/**
 * `undefined` for what no other try unpacks: too large, or broken as its producer wrote it. Rejects when it broke later,
 * and as a partial message when the answer it came with has unpacked to enough.
 */
async function unpack(codec: NonNullable<Codec>, packed: Buffer, batch: Buffer): Promise<Buffer | undefined> {
  // To kafkajs the fetch ended here, so it asks for the rest when it is done with what came before.
  if (!mayUnpack(batch))
    throw new KafkaJSPartialMessageError('the fetch unpacks to more than is held at once');
  try {
    const unpacked = await codec.decompress(packed);
    countUnpacked(batch, unpacked.length);
    return unpacked;
  } catch (error) {
    if (crc32C(batch.subarray(CRC_AT + 4)) === batch.readUInt32BE(CRC_AT)) return undefined;
    throw error;
  }
}

/**
 * kafkajs as published makes three buffers and two strings for each record, a buffer for each header, and copies all
 * headers of a record for each of them: most of what a fetch holds, and of what reading it costs. Replaced where kafkajs
 * will look for it, so this has to be loaded first.
 */
const path = require.resolve('kafkajs/src/protocol/recordBatch/v0/decoder.js');
require(path);
const published = require.cache[path];
if (published) published.exports = decodeRecordBatch;
