import { FetchedRecord, FieldReader, type BatchContext } from './fetched-record.ts';
import { encodeRecord } from './patches/encode-record.ts';

/** On a dead letter that was truncated: its original size in bytes. */
export const CUT_HEADER = 'dlq-cut';

const VALUE_BYTES = 64 * 1024;
const COUNT_HEADER = 'batch-records';

/**
 * Creates the record that is handed on in place of a batch that cannot be unpacked. It is no event, so it becomes a dead
 * letter, already truncated: its value is the beginning of the compressed batch, and headers give the number of records
 * and the first offset. It has the batch's last offset, so that the next fetch begins behind the batch.
 */
export function placeholderRecord(context: BatchContext, packed: Buffer, records: number): FetchedRecord {
  const { buffer } = encodeRecord({
    offsetDelta: context.lastOffsetDelta,
    key: null,
    value: packed.subarray(0, VALUE_BYTES),
    headers: {
      [CUT_HEADER]: String(packed.length),
      'batch-first-offset': context.firstOffset,
      [COUNT_HEADER]: String(records),
    },
  });
  return new FetchedRecord(new FieldReader(Buffer.from(buffer), 0), context);
}

/** Whether these are the headers of a placeholder record. */
export function isPlaceholder(headers: Readonly<Record<string, unknown>>): boolean {
  return headers[CUT_HEADER] !== undefined && headers[COUNT_HEADER] !== undefined;
}
