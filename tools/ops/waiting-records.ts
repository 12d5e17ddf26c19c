import { decode, japanTime, SOURCE_TOPICS, TOPICS, type RawRecord } from '#events';
import { readUncommitted, type KafkaConnection } from '#kafka';
import { eventNameOf } from './dead-letter.ts';
import { visible } from './text.ts';

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

/**
 * Describes a waiting record: since when, where, and behind how many others. `ledger` says what the ledger knew of the
 * event: `known` (described before), `unknown` (so no notifier has begun), `unasked` (Redis was away).
 */
export function describeWaiting(waiting: WaitingRecord, ledger: 'known' | 'unknown' | 'unasked'): string[] {
  const { record, event, kind, numbers, before } = waiting;
  const place = `${record.topic}/${record.partition}/${record.offset}`;
  const others = before === 1 ? '1 other' : `${before} others`;
  const behind =
    before === 0 ? 'the first record of its partition that is not settled' : `behind ${others} not settled`;
  const where = `  in Kafka since ${japanTime(record.timestamp)} as ${place}, ${behind}`;
  if (ledger === 'known') return [where].map(visible);
  const state =
    ledger === 'unknown'
      ? 'it waits, no notifier has begun'
      : 'it is waiting or under way (Redis would know)';
  return [
    `${japanTime(record.timestamp)}  ${kind ?? 'unreadable'}  ${numbers[0] ?? '-'}  not settled yet: ${state}`,
    `  event ${event.id} of ${event.source}`,
    where,
  ].map(visible);
}
