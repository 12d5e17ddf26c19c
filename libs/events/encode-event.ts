import { EVENT_TYPES, type EventData, type EventType } from './event-types.ts';
import type { TopicName } from './topics.ts';

/** An event to publish. `key` is the line number (for access mails the number), null for none. */
export interface EventToSend<T extends EventType> {
  readonly type: T;
  readonly source: string;
  readonly id: string;
  /** `ce_time`, epoch milliseconds. */
  readonly time: number;
  readonly key: string | null;
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

/** The headers of a record of ours in binary mode. */
export function cloudEventHeaders({
  type,
  source,
  id,
  time,
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
  };
}
