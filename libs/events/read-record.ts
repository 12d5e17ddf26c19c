import { z } from 'zod';
import { note, readCloudEvent } from './cloud-event.ts';
import type { Problem, RawRecord } from './event.ts';
import { eventReader, type EventReader } from './event-reader.ts';
import { identifier, time } from './fields.ts';
import { instantOf } from './rfc3339-time.ts';
import { isRetryTopic } from './topics.ts';

/** How far a time may be ahead of the record's own Kafka timestamp: clocks differ, but not by more. */
const MAX_AHEAD_MS = 300_000;

/** What every event says of itself (CloudEvents 1.0), `time` in epoch milliseconds. */
interface Attributes {
  readonly id: string;
  readonly source: string;
  readonly time: number;
}

const readAttributes = eventReader(
  z.object({
    specversion: z.literal('1.0'),
    id: identifier,
    source: identifier,
    type: z.string(),
    time,
  }),
  ({ id, source, time: at }): Attributes => ({ id, source, time: instantOf(at) }),
);

/** What could be read of a record. Both parts are there when there are no problems. */
export interface Reading<Body> {
  readonly problems: Problem[];
  readonly attributes: Attributes | undefined;
  readonly body: Body | undefined;
}

/**
 * Reads a record as a CloudEvent of one of the types that `readers` names, and names every fault it has. Never
 * throws; no problem carries a value.
 */
export function readRecord<Body>(
  record: RawRecord,
  readers: Readonly<Record<string, EventReader<Body>>>,
): Reading<Body> {
  const problems: Problem[] = [];
  const { attributes, attributePath, data } = readCloudEvent(record, problems);
  const { type } = attributes;
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (read === undefined) {
    const code = type === undefined ? 'missing' : 'wrong';
    note(problems, `${attributePath}type`, `expected ${Object.keys(readers).join(' or ')}`, code);
  }
  const envelope = readAttributes(attributes, attributePath, problems);
  if (envelope) refuseAhead(envelope.time, `${attributePath}time`, record, problems);
  const body = read && data !== undefined ? read(data, 'data.', problems) : undefined;
  return { problems, attributes: envelope, body };
}

/**
 * Adds a problem when `at` is too far ahead of the record's own Kafka timestamp; -1 is a record without one. A retry
 * record's is of our own clock, and its event was judged when it first came.
 */
export function refuseAhead(at: number, path: string, record: RawRecord, problems: Problem[]): void {
  if (record.timestamp < 0 || at - record.timestamp <= MAX_AHEAD_MS || isRetryTopic(record.topic)) return;
  note(problems, path, 'expected a time at most 5 minutes ahead of the record’s own timestamp', 'ahead');
}
