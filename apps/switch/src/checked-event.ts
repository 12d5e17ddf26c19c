import {
  decode,
  encodeEvent,
  newTraceContext,
  NOTIFY_TYPES,
  parseRfc3339,
  traceContextOf,
  type EncodedEvent,
  type EventData,
  type NotifyType,
  type Problem,
} from '#events';

/** An event as a person writes it: in CloudEvents' structured mode. */
export interface WrittenEvent {
  readonly specversion: unknown;
  readonly type: NotifyType;
  readonly id: unknown;
  readonly source: unknown;
  readonly time: unknown;
  readonly data: unknown;
}

export type CheckedEvent =
  | { readonly ok: true; readonly event: EncodedEvent }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads an event as the notifier will (`now` in epoch milliseconds), and encodes the record to publish: in the trace that
 * the event names, else in a new one.
 */
export function checkEvent(written: WrittenEvent, now: number): CheckedEvent {
  const record = {
    topic: NOTIFY_TYPES[written.type].topic,
    partition: 0,
    offset: '0',
    key: null,
    value: Buffer.from(JSON.stringify(written)),
    headers: { 'content-type': 'application/cloudevents+json' },
    timestamp: now,
  };
  const result = decode(record);
  if (!result.ok) return result;
  const { source, id } = result.event;
  const key = 'lineNumber' in result.event ? result.event.lineNumber : result.event.number;
  const time = parseRfc3339(String(written.time)) ?? now;
  const data = written.data as EventData<NotifyType>;
  const trace = traceContextOf(record) ?? newTraceContext();
  return { ok: true, event: encodeEvent({ type: written.type, source, id, time, key, data, trace }) };
}
