import { randomBytes } from 'node:crypto';
import { isStructured, readCloudEvent } from './cloud-event.ts';
import type { RawRecord } from './event.ts';

/** Where in a distributed trace something belongs (W3C Trace Context), in the form in which it is passed on. */
export interface TraceContext {
  /** Version 00, well-formed. */
  readonly traceparent: string;
  readonly tracestate?: string;
}

const TRACEPARENT = /^(?!ff)([\da-f]{2})-((?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16})-([\da-f]{2})(-.*)?$/;
/** The flags of version 00 and of its second level: sampled, random trace id. Others are not passed on. */
const KNOWN_FLAGS = 0x03;

/**
 * Reads a `traceparent` and its `tracestate`. Returns `undefined` when the first is not well-formed; a `tracestate` that
 * is not is left out. One of a later version is passed on as version 00, as the standard asks.
 */
export function traceContext(traceparent: unknown, tracestate?: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, version, ids, flags = '', more] = TRACEPARENT.exec(traceparent) ?? [];
  if (ids === undefined || (version === '00' && more !== undefined)) return undefined;
  const known = (Number.parseInt(flags, 16) & KNOWN_FLAGS).toString(16).padStart(2, '0');
  const context = { traceparent: `00-${ids}-${known}` };
  return isTraceState(tracestate) ? { ...context, tracestate } : context;
}

const KEY = String.raw`(?:[a-z][\da-z_*/-]{0,255}|[\da-z][\da-z_*/-]{0,240}@[a-z][\da-z_*/-]{0,13})`;
const MEMBER = new RegExp(
  String.raw`^(?:[\t ]*|[\t ]*${KEY}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e][\t ]*)$`,
);
const MOST_MEMBERS = 32;
/** What everybody has to pass on; a longer one is left out, since it would travel with every retry. */
const MOST_LETTERS = 512;

function isTraceState(text: unknown): text is string {
  if (typeof text !== 'string' || text.trim() === '' || text.length > MOST_LETTERS) return false;
  const members = text.split(',');
  return members.length <= MOST_MEMBERS && members.every((member) => MEMBER.test(member));
}

/** The trace context of an HTTP request; a repeated `traceparent` counts as absent. */
export function traceOfRequest(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  return traceContext(traceparent, typeof tracestate === 'object' ? tracestate.join(',') : tracestate);
}

/**
 * The trace context of a record: that of CloudEvents' Distributed Tracing extension, which says where the event began,
 * else that of Kafka's plain headers, which instrumented producers write. Repeated or malformed ones count as absent.
 * Reads the record again: call it only where it is needed.
 */
export function traceContextOf(record: RawRecord): TraceContext | undefined {
  const { headers } = record;
  const text = (name: string): unknown => textOf(headers[name]);
  const extension = isStructured(headers)
    ? readCloudEvent(record, []).attributes
    : { traceparent: text('ce_traceparent'), tracestate: text('ce_tracestate') };
  return (
    traceContext(extension['traceparent'], extension['tracestate']) ??
    traceContext(text('traceparent'), text('tracestate'))
  );
}

function textOf(header: RawRecord['headers'][string]): string | undefined {
  return typeof header === 'string' || Buffer.isBuffer(header) ? header.toString() : undefined;
}

/** The headers by which an event of ours carries its trace context. */
export function traceHeaders(context: TraceContext | undefined): Record<string, string> {
  if (context === undefined) return {};
  const { traceparent, tracestate } = context;
  return { ce_traceparent: traceparent, ...(tracestate === undefined ? {} : { ce_tracestate: tracestate }) };
}

/** Begins a trace that is to be recorded. */
export function newTraceContext(): TraceContext {
  // Its last bit keeps each from being zero, which is not allowed.
  const id = (bytes: number): string => {
    const random = randomBytes(bytes);
    random[bytes - 1] = (random[bytes - 1] ?? 0) | 1;
    return random.toString('hex');
  };
  return { traceparent: `00-${id(16)}-${id(8)}-01` };
}

/** What names the event of a record in a line of the log: its source and id, and its trace. */
export interface EventFields {
  readonly eventSource?: string;
  readonly eventId?: string;
  readonly traceId?: string;
}

/** The trace id in a trace context. */
export function traceIdOf({ traceparent }: TraceContext): string {
  return traceparent.slice(3, 35);
}

const LONGEST_NAME = 1024;

/** The fields by which a line of the log names a record's event, malformed or not. Reads the record again. */
export function eventFields(record: RawRecord): EventFields {
  const { source, id } = readCloudEvent(record, []).attributes;
  const context = traceContextOf(record);
  return {
    ...(isName(source) ? { eventSource: source } : {}),
    ...(isName(id) ? { eventId: id } : {}),
    ...(context ? { traceId: traceIdOf(context) } : {}),
  };
}

function isName(text: unknown): text is string {
  return typeof text === 'string' && text !== '' && text.length <= LONGEST_NAME;
}
