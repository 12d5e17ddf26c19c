import { FetchedRecord, FieldReader, type BatchContext } from './fetched-record.ts';
import { encodeRecord } from './patches/encode-record.ts';

/** Says of a dead letter that it is not whole: the size that it had, in bytes. */
export const CUT_HEADER = 'dlq-cut';

const VALUE_BYTES = 64 * 1024;
const COUNT_HEADER = 'batch-records';

/**
 * Stands for all records of a batch that is not unpacked: no event, so it becomes a dead letter, already cut. Its value is
 * the beginning of the compressed batch; headers say how many records there were and from which offset on. It has the
 * batch's last offset, so that the next fetch begins behind the batch.
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

/** Whether headers are those of a record that stands for a batch. */
export function isPlaceholder(headers: Readonly<Record<string, unknown>>): boolean {
  return headers[CUT_HEADER] !== undefined && headers[COUNT_HEADER] !== undefined;
}
