import { z } from 'zod';
import { note, readCloudEvent } from './cloud-event.ts';
import { eventReader, type EventReader } from './event-reader.ts';
import {
  NOTIFY_TYPES,
  typesIn,
  type NotifyEvent,
  type NotifyReader,
  type NotifyType,
} from './event-types.ts';
import type { Problem, RawRecord } from './event.ts';
import { identifier, time } from './fields.ts';
import { operatorAction, type OperatorAction } from './kinds/operator-action.ts';
import { outcomes, type Outcomes } from './kinds/outcomes.ts';
import { instantOf } from './rfc3339-time.ts';
import { isRetryTopic, RETRY_TOPICS, SOURCE_TOPICS } from './topics.ts';

/** An event, or every problem of the record. */
export type DecodeResult =
  | { readonly ok: true; readonly event: NotifyEvent }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A value read from a record, or every problem of the record. */
export type ReadResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** The readers for each of the notifier's topics, by `ce_type`. */
const TYPES_BY_TOPIC = new Map<string, Readonly<Record<string, NotifyReader>>>(
  [...SOURCE_TOPICS, ...RETRY_TOPICS].map((topic) => [
    topic,
    Object.fromEntries(typesIn(topic).map((type) => [type, NOTIFY_TYPES[type as NotifyType]])),
  ]),
);

/**
 * Reads a record of a source or a retry topic as the event it carries, or lists every problem. The key only chooses
 * the partition and is ignored. Never throws; no problem carries a value.
 */
export function decode(record: RawRecord): DecodeResult {
  const types = TYPES_BY_TOPIC.get(record.topic);
  if (types === undefined) {
    const message = `expected one of the topics ${[...TYPES_BY_TOPIC.keys()].join(', ')}`;
    return { ok: false, problems: [{ path: 'topic', code: 'wrong', message }] };
  }
  const { problems, attributes, type, body } = readRecord(record, types);
  if (body && type) refuseAhead(body.at, 'data.', type.timeField, record, problems);
  if (problems.length > 0 || !attributes || !body) return { ok: false, problems };
  return { ok: true, event: { source: attributes.source, id: attributes.id, ...body } };
}

const OUTCOMES = { 'outcomes.v1': outcomes };

/** Reads a record of `notify-outcomes`. Never throws; no problem carries a value. */
export function decodeOutcomes(record: RawRecord): ReadResult<Outcomes> {
  const { problems, body } = readRecord(record, OUTCOMES);
  return problems.length > 0 || body === undefined ? { ok: false, problems } : { ok: true, value: body };
}

/** An action with its id: one that comes twice has the same, and of these the last counts. */
export interface RecordedAction extends OperatorAction {
  readonly id: string;
}

const ACTIONS = { 'operator-action.v1': operatorAction };

/** Reads a record of `operator-actions`. Never throws; no problem carries a value. */
export function decodeOperatorAction(record: RawRecord): ReadResult<RecordedAction> {
  const { problems, attributes, body } = readRecord(record, ACTIONS);
  if (problems.length > 0 || !attributes || !body) return { ok: false, problems };
  return { ok: true, value: { ...body, id: attributes.id } };
}

/** The attributes of every event (CloudEvents 1.0), `time` in epoch milliseconds. */
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

/** The parts of a record that could be read; all of them when there are no problems. */
interface Reading<Type, Body> {
  readonly problems: Problem[];
  readonly attributes: Attributes | undefined;
  readonly type: Type | undefined;
  readonly body: Body | undefined;
}

/** Reads a record as a CloudEvent of one of these types, and lists every problem. */
export function readRecord<
  Body,
  Type extends { readonly read: EventReader<Body> } = { readonly read: EventReader<Body> },
>(
  record: RawRecord,
  types: Readonly<Record<string, Type & { readonly read: EventReader<Body> }>>,
): Reading<Type, Body> {
  const problems: Problem[] = [];
  const { attributes, attributePath, data } = readCloudEvent(record, problems);
  const { type: name } = attributes;
  const type = typeof name === 'string' && Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined) {
    const code = name === undefined ? 'missing' : 'wrong';
    note(problems, `${attributePath}type`, `expected ${Object.keys(types).join(' or ')}`, code);
  }
  const envelope = readAttributes(attributes, attributePath, problems);
  if (envelope) refuseAhead(envelope.time, attributePath, 'time', record, problems);
  const body = type && data !== undefined ? type.read(data, 'data.', problems) : undefined;
  return { problems, attributes: envelope, type, body };
}

/** How far a time may be ahead of the record's own Kafka timestamp: clocks differ, but not by more. */
const MAX_AHEAD_MS = 300_000;

/**
 * Adds a problem when `at` is too far ahead of the record's own Kafka timestamp; -1 is a record without one. A retry
 * record has our own clock's timestamp, and its event was checked when it first arrived.
 */
function refuseAhead(
  at: number,
  prefix: string,
  field: string,
  record: RawRecord,
  problems: Problem[],
): void {
  if (record.timestamp < 0 || at - record.timestamp <= MAX_AHEAD_MS || isRetryTopic(record.topic)) return;
  const message = 'expected a time at most 5 minutes ahead of the record’s own timestamp';
  note(problems, prefix + field, message, 'ahead');
}
