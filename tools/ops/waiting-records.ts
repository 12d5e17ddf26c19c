import { decode, SOURCE_TOPICS, TOPICS, type RawRecord } from '#events';
import { readUncommitted, type KafkaConnection } from '#kafka';
import { japanTime } from '#delivery';
import { eventNameOf } from './dead-letter.ts';
import { visible } from './text.ts';

/** A record that a notifier has not settled yet. */
export interface WaitingRecord {
  readonly record: RawRecord;
  readonly event: { readonly id: string; readonly source: string };
  /** As far as the record can be read. */
  readonly kind?: string;
  /** The called number, or that of an access mail, and the line's. */
  readonly numbers: readonly string[];
  /** How many records of its partition come before it and are not settled either. */
  readonly before: number;
}

/** The records of the source topics that `wanted` takes and no notifier has settled yet. Rejects with a `KafkaError`. */
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
 * What can be said of a record that waits: since when, where, and behind how many. `known`: what the ledger knows of the
 * event was said before; `unknown`: it knows nothing, so nobody has begun; `unasked`: it could not be asked.
 */
export function describeWaiting(waiting: WaitingRecord, ledger: 'known' | 'unknown' | 'unasked'): string[] {
  const { record, event, kind, numbers, before } = waiting;
  const place = `${record.topic}/${record.partition}/${record.offset}`;
  const others = before === 1 ? '1 other that is' : `${before} others that are`;
  const behind =
    before === 0 ? 'the first of its partition that is not settled' : `behind ${others} not settled`;
  const where = `  in Kafka since ${japanTime(record.timestamp)} as ${place}, ${behind}`;
  if (ledger === 'known') return [where].map(visible);
  const state =
    ledger === 'unknown'
      ? 'it waits, no notifier has begun'
      : 'it waits or is under way, which Redis would know';
  return [
    `${japanTime(record.timestamp)}  ${kind ?? 'unreadable'}  ${numbers[0] ?? '-'}  not settled yet: ${state}`,
    `  event ${event.id} of ${event.source}`,
    where,
  ].map(visible);
}
