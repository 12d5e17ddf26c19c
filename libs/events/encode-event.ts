import { readCloudEvent } from './cloud-event.ts';
import { knownFields } from './event-reader.ts';
import { EVENT_TYPES, type EventData, type EventType } from './event-types.ts';
import type { RawRecord } from './event.ts';
import { encodeSequence } from './fields.ts';
import type { TopicName } from './topics.ts';
import { traceContextOf, traceHeaders, type TraceContext } from './trace-context.ts';

/** An event to publish. `key` is the line number (for access mails the number), null for none. */
export interface EventToSend<T extends EventType> {
  readonly type: T;
  readonly source: string;
  readonly id: string;
  /** `ce_time`, epoch milliseconds. */
  readonly time: number;
  readonly key: string | null;
  /** Orders the events of a key, whichever process publishes them (CloudEvents' `sequence`). */
  readonly sequence?: number;
  /** The trace that it belongs to. */
  readonly trace?: TraceContext | undefined;
  readonly data: EventData<T>;
}

/** A record to publish, its topic without prefix. */
export interface EncodedEvent {
  readonly topic: TopicName;
  readonly key: Buffer | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes the record of an event: CloudEvents 1.0 in Kafka's binary mode. */
export function encodeEvent<T extends EventType>(event: EventToSend<T>): EncodedEvent {
  return {
    topic: EVENT_TYPES[event.type].topic,
    key: event.key === null ? null : Buffer.from(event.key),
    value: Buffer.from(JSON.stringify(event.data)),
    headers: cloudEventHeaders(event),
  };
}

/** Says that there is nothing to know any more of a key: a record without a value, which a compacted topic forgets. */
export function encodeTombstone({
  key,
  ...event
}: Omit<EventToSend<EventType>, 'data' | 'key'> & { readonly key: string }): Omit<EncodedEvent, 'value'> & {
  readonly value: null;
} {
  const { topic } = EVENT_TYPES[event.type];
  return { topic, key: Buffer.from(key), value: null, headers: cloudEventHeaders(event) };
}

/** The headers of one of our records in binary mode. */
export function cloudEventHeaders({
  type,
  source,
  id,
  time,
  sequence,
  trace,
}: Omit<EventToSend<EventType>, 'type' | 'key' | 'data'> & { readonly type: string }): Record<
  string,
  string
> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: source,
    ce_type: type,
    ce_time: new Date(time).toISOString(),
    'content-type': 'application/json',
    ...(sequence === undefined ? {} : { ce_sequence: encodeSequence(sequence) }),
    ...traceHeaders(trace),
  };
}

/** The headers and the value of an event, reduced to what our readers use. */
export interface BareRecord {
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time'];

/**
 * Reduces a record to CloudEvents' binary mode with only the attributes and data that the schemas name, and its trace
 * context. Returns `undefined` for a record that is not one of our events.
 */
export function bareRecord(record: RawRecord): BareRecord | undefined {
  const { attributes, data } = readCloudEvent(record, []);
  const { type } = attributes;
  if (typeof type !== 'string' || !Object.hasOwn(EVENT_TYPES, type)) return undefined;
  const known = knownFields<object>(EVENT_TYPES[type as EventType].schema, data);
  if (known === undefined) return undefined;
  const headers = ATTRIBUTES.map((name) => [`ce_${name}`, String(attributes[name])]);
  return {
    headers: {
      ...Object.fromEntries(headers),
      'content-type': 'application/json',
      ...traceHeaders(traceContextOf(record)),
    },
    value: Buffer.from(JSON.stringify(known)),
  };
}
