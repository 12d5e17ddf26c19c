import { DEAD_LETTER_TOPIC, type RawRecord } from '#events';
import { REPLAY_HEADER } from '#delivery';
import { deadLetterName, handlingOf, readTopic, type Handling, type KafkaConnection } from '#kafka';

/** A dead letter as the operator sees it. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: string;
  /** When it became a dead letter, epoch milliseconds. */
  readonly at: number;
  /** Where it first came from: topic as in Kafka, partition, offset. */
  readonly origin: { readonly topic: string; readonly partition: string; readonly offset: string };
  /** Its event's id and source; empty when unknown. */
  readonly event: { readonly id: string; readonly source: string };
  /** Set when only the beginning was kept: the original size in bytes. */
  readonly cut?: string;
  readonly record: RawRecord;
  /** What was done about it; absent while it is still waiting. */
  readonly handled?: Handled;
}

interface Handled {
  readonly how: Handling;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  /** Epoch milliseconds, both inclusive. */
  readonly since?: number;
  readonly until?: number;
  /** Only those that nobody has handled yet. */
  readonly waiting?: boolean;
}

/** Reads a record of `notify-dlq`. One that no notifier wrote gets its partition and offset as id. */
export function deadLetterOf(record: RawRecord): DeadLetter {
  const header = (name: string): string => record.headers[name]?.toString() ?? '';
  const at = Date.parse(header('dlq-at'));
  return {
    id: deadLetterName(record),
    reason: header('dlq-reason') || 'unknown',
    error: header('dlq-error'),
    attempts: header('dlq-attempts') || '0',
    at: Number.isNaN(at) ? record.timestamp : at,
    origin: {
      topic: header('orig-topic'),
      partition: header('orig-partition'),
      offset: header('orig-offset'),
    },
    event: eventNameOf(record),
    ...(header('dlq-cut') ? { cut: header('dlq-cut') } : {}),
    record,
  };
}

/** Reads an event's id and source from a record in CloudEvents' binary or structured mode. */
export function eventNameOf({ headers, value }: RawRecord): DeadLetter['event'] {
  const header = (name: string): string => headers[name]?.toString() ?? '';
  const binary = { id: header('ce_id'), source: header('ce_source') };
  if (!header('content-type').startsWith('application/cloudevents+json')) return binary;
  try {
    const { id, source } = JSON.parse(String(value)) as Readonly<Record<string, unknown>>;
    return { id: typeof id === 'string' ? id : '', source: typeof source === 'string' ? source : '' };
  } catch {
    return binary;
  }
}

/** The dead letters that match, oldest first. Of several copies takes the last, preferably one that is waiting. */
export function selectDeadLetters(
  letters: readonly DeadLetter[],
  { reason, since = -Infinity, until = Infinity, waiting = false }: DeadLetterFilter,
): DeadLetter[] {
  const fitting = letters.filter(
    (one) =>
      (reason === undefined || one.reason === reason) &&
      one.at >= since &&
      one.at <= until &&
      !(waiting && one.handled),
  );
  const order = (one: DeadLetter, other: DeadLetter): number =>
    Number(!one.handled) - Number(!other.handled) || one.at - other.at;
  const byId = new Map(fitting.toSorted(order).map((one) => [one.id, one]));
  return [...byId.values()].toSorted((one, other) => one.at - other.at);
}

/**
 * Reads all dead letters that Kafka holds now, including copies, or those in the newest records of each partition, at a
 * bounded cost. Rejects with a `KafkaError`.
 */
export async function readDeadLetters(
  connection: KafkaConnection,
  of: { readonly newest?: number } = {},
): Promise<DeadLetter[]> {
  const records: RawRecord[] = [];
  await readTopic(connection, DEAD_LETTER_TOPIC, (record) => void records.push(record), of);
  return deadLettersOf(records);
}

/**
 * Picks the dead letters out of the records of `notify-dlq`, each with what was done about it. A letter is handled when a
 * mark follows it in its partition, or when its replay became a dead letter again; then that one is waiting instead.
 */
export function deadLettersOf(records: readonly RawRecord[]): DeadLetter[] {
  const marks = records.flatMap((record) => {
    const how = handlingOf(record);
    return how === undefined ? [] : [{ ...deadLetterOf(record), how }];
  });
  const letters = records.filter((record) => handlingOf(record) === undefined).map(deadLetterOf);
  const again = letters.map((one) => ({ ...one, of: one.record.headers[REPLAY_HEADER]?.toString() ?? '' }));
  const marksById = Map.groupBy(marks, ({ id }) => id);
  const againById = Map.groupBy(again, ({ of }) => of);
  return letters.map((letter) => {
    const mark = marksById.get(letter.id)?.find((one) => standsBehind(one.record, letter.record));
    const next = againById.get(letter.id)?.find(({ at }) => at >= letter.at);
    if (mark) return { ...letter, handled: { how: mark.how, at: mark.at } };
    return next ? { ...letter, handled: { how: 'replayed', at: next.at } } : letter;
  });
}

function standsBehind(one: RawRecord, other: RawRecord): boolean {
  return one.partition === other.partition && BigInt(one.offset) > BigInt(other.offset);
}
