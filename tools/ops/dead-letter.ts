import { DEAD_LETTER_TOPIC, type RawRecord } from '#events';
import { readTopic, type KafkaConnection } from '#kafka';

/** A record of the dead letters as the operator looks at it. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly error: string;
  readonly attempts: string;
  /** When it was kept, epoch milliseconds. */
  readonly at: number;
  /** Where it first came from: topic as in Kafka, partition, offset. */
  readonly origin: { readonly topic: string; readonly partition: string; readonly offset: string };
  /** Of its event, as far as it says. */
  readonly event: { readonly id: string; readonly source: string };
  readonly record: RawRecord;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  /** Epoch milliseconds, both inclusive. */
  readonly since?: number;
  readonly until?: number;
}

/** Reads a record of `notify-dlq`; one that did not come from a notifier is named by its place. */
export function deadLetterOf(record: RawRecord): DeadLetter {
  const header = (name: string): string => record.headers[name]?.toString() ?? '';
  const at = Date.parse(header('dlq-at'));
  return {
    id: header('dlq-id') || `${record.partition}/${record.offset}`,
    reason: header('dlq-reason') || 'unknown',
    error: header('dlq-error'),
    attempts: header('dlq-attempts') || '0',
    at: Number.isNaN(at) ? record.timestamp : at,
    origin: {
      topic: header('orig-topic'),
      partition: header('orig-partition'),
      offset: header('orig-offset'),
    },
    event: eventOf(record.value, header),
    record,
  };
}

/** The event's name by CloudEvents' binary mode, or its structured mode, whose value holds everything. */
function eventOf(value: Buffer | null, header: (name: string) => string): DeadLetter['event'] {
  const binary = { id: header('ce_id'), source: header('ce_source') };
  if (!header('content-type').startsWith('application/cloudevents+json')) return binary;
  try {
    const { id, source } = JSON.parse(String(value)) as Readonly<Record<string, unknown>>;
    return { id: typeof id === 'string' ? id : '', source: typeof source === 'string' ? source : '' };
  } catch {
    return binary;
  }
}

/** The dead letters that fit, oldest first; of copies of one the last. */
export function selectDeadLetters(
  letters: readonly DeadLetter[],
  { reason, since = -Infinity, until = Infinity }: DeadLetterFilter,
): DeadLetter[] {
  const fitting = letters.filter(
    (one) => (reason === undefined || one.reason === reason) && one.at >= since && one.at <= until,
  );
  const byId = new Map(fitting.toSorted((one, other) => one.at - other.at).map((one) => [one.id, one]));
  return [...byId.values()].toSorted((one, other) => one.at - other.at);
}

/** All dead letters that Kafka holds now, copies and all. Rejects with a `KafkaError`. */
export async function readDeadLetters(connection: KafkaConnection): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await readTopic(connection, DEAD_LETTER_TOPIC, (record) => void letters.push(deadLetterOf(record)));
  return letters;
}
