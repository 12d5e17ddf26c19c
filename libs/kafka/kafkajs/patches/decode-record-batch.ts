import { crc32c } from '@node-rs/crc32';
import { FetchedRecord, FieldReader, LOG_APPEND_TIME, type BatchContext } from '../fetched-record.ts';
import { placeholderRecord } from '../placeholder-record.ts';
import { BrokenData, UnpacksTooLarge } from '../unpack-errors.ts';
import { UnreadableSentinel } from '../unreadable-batch.ts';
import { kafkajsInternals } from './kafkajs-internals.ts';

/** The part of kafkajs' protocol decoder that a batch needs. */
interface Decoder {
  readonly buffer: Buffer;
  readInt32(): number;
  readInt64(): bigint;
  slice(size: number): Decoder;
  forward(size: number): void;
}

type Codec = { decompress(bytes: Buffer): Promise<Buffer> } | null;
const { lookupCodecByAttributes } = kafkajsInternals.load<{
  lookupCodecByAttributes: (attributes: number) => Codec;
}>('protocol/message/compression/index.js', ['lookupCodecByAttributes']);
const { KafkaJSPartialMessageError } = kafkajsInternals.load<{
  KafkaJSPartialMessageError: new (message: string) => Error;
}>('errors.js', ['KafkaJSPartialMessageError']);

/** Bits of a batch's attributes. */
const TIMESTAMP_TYPE = 0x8;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** Position of the checksum (CRC-32C of everything behind it), counted from behind the batch's length. */
const CRC_AT = 5;
/** Positions of the number of records and of the records, counted likewise. */
const COUNT_AT = 45;
const RECORDS_AT = 49;

/** A decoded batch, as kafkajs expects it. */
export interface RecordBatch extends BatchContext {
  readonly records: readonly FetchedRecord[];
}

/**
 * Reads a batch of records (Kafka's record format v2), in place of kafkajs' `protocol/recordBatch/v0/decoder`. That one
 * makes three buffers and two strings for each record, a buffer for each header, and copies all headers of a record for
 * each of them: most of the memory that a fetch holds, and most of the cost of reading it. It also trusts every batch.
 *
 * Rejects with kafkajs' own error when the fetch ended within the batch. A batch that cannot be read becomes one record: a
 * placeholder when its producer wrote it like that, otherwise an `UnreadableSentinel`.
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
  if (crc32c(bytes.subarray(CRC_AT + 4)) !== bytes.readUInt32BE(CRC_AT))
    return { ...context, records: [new UnreadableSentinel(context, 'its checksum is wrong')] };
  return { ...context, records: await recordsOf(bytes, attributes, context) };
}

/** The records of a batch whose checksum is right. */
async function recordsOf(batch: Buffer, attributes: number, context: BatchContext): Promise<FetchedRecord[]> {
  const count = batch.readInt32BE(COUNT_AT);
  const packed = batch.subarray(RECORDS_AT);
  try {
    const codec = lookupCodecByAttributes(attributes);
    const reader = new FieldReader(codec && count > 0 ? await unpack(codec, packed, batch) : packed, 0);
    const records: FetchedRecord[] = [];
    for (let left = count; left > 0; left--) records.push(new FetchedRecord(reader, context));
    return records;
  } catch (error) {
    if (error instanceof KafkaJSPartialMessageError) throw error;
    if (error instanceof UnpacksTooLarge || error instanceof BrokenData)
      return [placeholderRecord(context, packed, count)];
    // The next attempt may have the memory that this one lacked.
    return [new UnreadableSentinel(context, String(error))];
  }
}

/** Rejects as for a partial batch when the response that contains the batch has unpacked to enough. */
async function unpack(codec: NonNullable<Codec>, packed: Buffer, batch: Buffer): Promise<Buffer> {
  // For kafkajs the response ends here, so it fetches the rest after what came before.
  if (!mayUnpack(batch))
    throw new KafkaJSPartialMessageError('the fetch unpacks to more than is held at once');
  const unpacked = await codec.decompress(packed);
  countUnpacked(batch, unpacked.length);
  return unpacked;
}

/**
 * The size in bytes that the batches of one fetch response may unpack to together. Kafka limits only the compressed size of
 * a response, and kafkajs holds all of it unpacked at once.
 */
export const MAX_UNPACKED_PER_FETCH = 64 * 1024 * 1024;

/** By the memory of a response, which all its batches share. */
const unpackedBytes = new WeakMap<ArrayBufferLike, number>();

/** Whether a batch of a response may still be unpacked. The first always may, so that every fetch makes progress. */
function mayUnpack({ buffer }: Buffer): boolean {
  return (unpackedBytes.get(buffer) ?? 0) < MAX_UNPACKED_PER_FETCH;
}

/** Counts what a batch of a response was unpacked to. */
function countUnpacked({ buffer }: Buffer, bytes: number): void {
  unpackedBytes.set(buffer, (unpackedBytes.get(buffer) ?? 0) + bytes);
}
