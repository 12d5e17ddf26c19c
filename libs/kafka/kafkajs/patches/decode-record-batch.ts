import { crc32c } from '@node-rs/crc32';
import { FetchedRecord, FieldReader, LOG_APPEND_TIME, type BatchContext } from '../fetched-record.ts';
import { placeholderRecord } from '../placeholder-record.ts';
import { BrokenData, UnpacksTooLarge } from '../unpack-errors.ts';
import { UnreadableSentinel } from '../unreadable-batch.ts';
import { kafkajsInternals } from './kafkajs-internals.ts';

/** kafkajs' reader of Kafka's protocol, as far as a batch needs it. */
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

/** The records of a batch that is as its producer wrote it. */
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
    // Another try may have the memory that this one lacked.
    return [new UnreadableSentinel(context, String(error))];
  }
}

/** Rejects as a partial message when the answer that the batch came with has unpacked to enough. */
async function unpack(codec: NonNullable<Codec>, packed: Buffer, batch: Buffer): Promise<Buffer> {
  // To kafkajs the fetch ended here, so it asks for the rest when it is done with what came before.
  if (!mayUnpack(batch))
    throw new KafkaJSPartialMessageError('the fetch unpacks to more than is held at once');
  const unpacked = await codec.decompress(packed);
  countUnpacked(batch, unpacked.length);
  return unpacked;
}

/**
 * What the compressed batches of one answer to a fetch may unpack to together before no more of them is unpacked, in bytes.
 * Kafka bounds the answer only as it is compressed, and kafkajs holds all of it unpacked at once.
 */
export const MAX_UNPACKED_PER_FETCH = 64 * 1024 * 1024;

/** By an answer's memory, of which all its batches are parts. */
const unpackedBytes = new WeakMap<ArrayBufferLike, number>();

/** Whether a batch of the same answer may still be unpacked: the first always, so that each fetch gets on. */
export function mayUnpack({ buffer }: Buffer): boolean {
  return (unpackedBytes.get(buffer) ?? 0) < MAX_UNPACKED_PER_FETCH;
}

/** Counts what a part of an answer was unpacked to. */
export function countUnpacked({ buffer }: Buffer, bytes: number): void {
  unpackedBytes.set(buffer, (unpackedBytes.get(buffer) ?? 0) + bytes);
}
