import { decode, SOURCE_TOPICS, TOPICS, type RawRecord } from '#events';
import { readUncommitted, type KafkaConnection } from '#kafka';
import { eventNameOf } from './dead-letter.ts';

/** A source record that its consumer group has not committed yet. */
export interface WaitingRecord {
  readonly record: RawRecord;
  readonly event: { readonly id: string; readonly source: string };
  /** Absent when the record cannot be decoded. */
  readonly kind?: string;
  /** The called number or the number of an access mail, and the line number. */
  readonly numbers: readonly string[];
  /** How many uncommitted records precede it in its partition. */
  readonly before: number;
}

/** Reads the uncommitted records of the source topics that `wanted` accepts. Rejects with a `KafkaError`. */
export async function readWaiting(
  kafka: KafkaConnection,
  groupId: string,
  wanted: (waiting: WaitingRecord) => boolean,
): Promise<WaitingRecord[]> {
  const found = SOURCE_TOPICS.map(async (topic) => {
    const records: WaitingRecord[] = [];
    const seen = new Map<number, number>();
    await readUncommitted(kafka, topic, `${groupId}-${TOPICS[topic].lane}`, (record) => {
      const before = seen.get(record.partition) ?? 0;
      seen.set(record.partition, before + 1);
      const one = waitingRecord(record, before);
      if (wanted(one)) records.push(one);
    });
    return records;
  });
  return (await Promise.all(found)).flat();
}

function waitingRecord(record: RawRecord, before: number): WaitingRecord {
  const read = decode(record);
  const event = eventNameOf(record);
  if (!read.ok) return { record, event, before, numbers: [] };
  const { kind } = read.event;
  const numbers = ['calledNumber', 'number', 'lineNumber'].flatMap((name) => {
    const value: unknown = Reflect.get(read.event, name);
    return typeof value === 'string' ? [value] : [];
  });
  return { record, event, before, kind, numbers };
}
