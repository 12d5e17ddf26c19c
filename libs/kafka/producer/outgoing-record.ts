/** Headers of a record. A repeated header is an array, one without a value is null, and `undefined` is left out. */
export type RecordHeaders = Readonly<
  Record<string, Buffer | string | null | (Buffer | string | null)[] | undefined>
>;

/** A record to publish. Without `partition` its key determines one as in Java's producer (murmur2), or chance does. */
export interface OutgoingRecord {
  /** Without prefix. */
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: RecordHeaders;
  readonly partition?: number;
  /** Whether it goes to the partition after the one that its key determines: a compacted topic keeps both. */
  readonly besideKey?: true;
}

/** An upper bound for what a record takes in a batch besides its key, value and headers. */
const RECORD_OVERHEAD = 64;

interface Sized {
  readonly bytes: number;
}

/**
 * Splits items, in order, into groups of at most `limit` bytes; a larger item forms a group by itself. Hence no
 * partition gets a batch larger than the limit, whatever partitions the records of a group go to.
 */
export function splitByBytes<T extends Sized>(items: readonly T[], limit: number): T[][] {
  const groups: T[][] = [];
  let group: T[] = [];
  let bytes = 0;
  for (const item of items) {
    if (group.length > 0 && bytes + item.bytes > limit) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
    group.push(item);
    bytes += item.bytes;
  }
  if (group.length > 0) groups.push(group);
  return groups;
}

/** An upper bound for the bytes that a record takes in a batch. */
export function sizeOfRecord(record: {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: RecordHeaders;
}): number {
  let bytes = RECORD_OVERHEAD + lengthOf(record.key) + lengthOf(record.value);
  for (const [name, value] of Object.entries(record.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? null])
      bytes += Buffer.byteLength(name) + lengthOf(one) + 10;
  }
  return bytes;
}

function lengthOf(part: Buffer | string | null): number {
  return part === null ? 0 : Buffer.byteLength(part);
}
