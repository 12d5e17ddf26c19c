import { isUtf8 } from 'node:buffer';
import type { Problem, RawRecord } from './event.ts';

/** A record split into the parts of a CloudEvent (1.0), not validated yet. */
export interface CloudEvent {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The prefix of an attribute's name in a problem's path: `headers.ce_` or `value.`. */
  readonly attributePath: string;
  /** Parsed JSON; `undefined` when there is none, which is then in `problems`. */
  readonly data: unknown;
}

type Headers = RawRecord['headers'];

const CONTENT_TYPES = 'application/json or application/cloudevents+json';
/** Parameters, also empty ones (RFC 9110 §5.6.6); another charset than UTF-8 is refused, and nothing else matters. */
const PARAMETERS = String.raw`(?:[\t ]*;(?:[\t ]*(?:charset=(?:utf-?8|"utf-?8")|(?!charset=)[\w!#$%&'*+.^|~-]+=(?:[\w!#$%&'*+.^|~-]+|"(?:[^"\\]|\\.)*")))?)*[\t ]*$`;
const JSON_TYPE = new RegExp(String.raw`^application/json${PARAMETERS}`, 'i');
const STRUCTURED = new RegExp(String.raw`^application/cloudevents\+json${PARAMETERS}`, 'i');

/** Whether a media type is JSON in UTF-8, whatever other parameters it has. */
export function isJsonType(mediaType: string): boolean {
  return JSON_TYPE.test(mediaType);
}

/** Whether a record has its attributes in its value. */
export function isStructured(headers: Headers): boolean {
  const contentType = textHeader(headers, 'content-type', []);
  return contentType !== undefined && STRUCTURED.test(contentType);
}

/**
 * Splits a record: attributes in `ce_` headers (Kafka's binary mode), or all in the value (structured mode).
 * Adds whatever is wrong with its form to `problems`; never throws.
 */
export function readCloudEvent(record: RawRecord, problems: Problem[]): CloudEvent {
  // Read once: a record may decode its headers from its bytes each time.
  const { headers, value } = record;
  const contentType = textHeader(headers, 'content-type', problems);
  const json = readJson(value, problems);
  if (contentType !== undefined && STRUCTURED.test(contentType)) return structured(json, problems);
  if (contentType === undefined || !isJsonType(contentType)) {
    const code = contentType === undefined ? 'missing' : 'wrong';
    note(problems, 'headers.content-type', `expected ${CONTENT_TYPES}`, code);
  }
  return { attributes: ceHeaders(headers, problems), attributePath: 'headers.ce_', data: json };
}

/** Problems travel in one header of a dead letter. */
const MAX_PROBLEMS = 20;

/** Adds a problem, unless the same place has one already: the first one is the most telling. */
export function note(problems: Problem[], path: string, message: string, code = 'wrong'): void {
  if (problems.length === MAX_PROBLEMS || problems.some((problem) => problem.path === path)) return;
  problems.push({ path, code, message });
}

function ceHeaders(headers: Headers, problems: Problem[]): CloudEvent['attributes'] {
  return {
    specversion: textHeader(headers, 'ce_specversion', problems),
    id: textHeader(headers, 'ce_id', problems),
    source: textHeader(headers, 'ce_source', problems),
    type: textHeader(headers, 'ce_type', problems),
    time: textHeader(headers, 'ce_time', problems),
  };
}

function structured(json: unknown, problems: Problem[]): CloudEvent {
  const none = { attributes: {}, attributePath: 'value.', data: undefined };
  if (json === undefined) return none;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    note(problems, 'value', 'expected a CloudEvent as a JSON object');
    return none;
  }
  const attributes: Record<string, unknown> = { ...json };
  const datacontenttype = attributes['datacontenttype'] ?? 'application/json';
  if (typeof datacontenttype !== 'string' || !isJsonType(datacontenttype)) {
    note(problems, 'value.datacontenttype', 'expected application/json');
  }
  const data = structuredData(attributes, problems);
  if (data === undefined) note(problems, 'data', 'expected an object', 'missing');
  return { attributes, attributePath: 'value.', data };
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** `data`, or the JSON in `data_base64` (CloudEvents JSON format §3.1.1); never both. */
function structuredData(attributes: CloudEvent['attributes'], problems: Problem[]): unknown {
  const data = attributes['data'] ?? undefined;
  const encoded = attributes['data_base64'] ?? undefined;
  if (encoded === undefined) return data;
  if (data !== undefined) note(problems, 'data', 'expected one of data and data_base64, and not both');
  else if (typeof encoded !== 'string' || !BASE64.test(encoded)) note(problems, 'data', 'expected base64');
  else return readJson(Buffer.from(encoded, 'base64'), problems);
  return data;
}

export function textHeader(headers: Headers, name: string, problems: Problem[]): string | undefined {
  const header = headers[name];
  if (Array.isArray(header) && header.length !== 1) {
    note(problems, `headers.${name}`, 'expected the header once', 'repeated');
    return undefined;
  }
  // Kafka allows a header without a value, which kafkajs hands on as null.
  const single = (Array.isArray(header) ? header[0] : header) ?? undefined;
  if (single === undefined || typeof single === 'string') return single;
  const text = utf8Text(single);
  if (text === undefined) note(problems, `headers.${name}`, 'expected UTF-8');
  return text;
}

/**
 * `undefined` when it is not UTF-8. Only a text with a replacement character, which may be its own, is checked twice.
 */
function utf8Text(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  return text.includes('\uFFFD') && !isUtf8(bytes) ? undefined : text;
}

function readJson(value: Buffer | null, problems: Problem[]): unknown {
  if (value === null) {
    note(problems, 'value', 'expected JSON, not a tombstone', 'missing');
    return undefined;
  }
  const text = utf8Text(value);
  if (text === undefined) {
    note(problems, 'value', 'expected UTF-8');
    return undefined;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the value. RFC 8259 §8.1 forbids a byte order mark, which it refuses too.
    note(
      problems,
      'value',
      text.startsWith('\uFEFF') ? 'expected JSON without a byte order mark' : 'expected JSON',
    );
    return undefined;
  }
}
