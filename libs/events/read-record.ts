import { z } from 'zod';
import { note, readCloudEvent } from './cloud-event.ts';
import type { Problem, RawRecord } from './event.ts';
import { identifier, time } from './fields.ts';
import { ACCESS_RETRY_DELAYS_MS, RETRY_DELAYS_MS } from './topics.ts';

/** How far a time may be ahead of the record's own Kafka timestamp: clocks differ, but not by more. */
const MAX_AHEAD_MS = 300_000;

const RETRY_TOPICS = new Set(Object.keys({ ...RETRY_DELAYS_MS, ...ACCESS_RETRY_DELAYS_MS }));

const attributesSchema = z.object({
  specversion: z.literal('1.0'),
  id: identifier,
  source: identifier,
  type: z.string(),
  time,
});

/** What could be read of a record. Both parts are there when there are no problems. */
export interface Reading<Body> {
  readonly problems: Problem[];
  readonly attributes: z.output<typeof attributesSchema> | undefined;
  readonly body: Body | undefined;
}

/**
 * Reads a record as a CloudEvent of one of the types that `schemas` names, and names every fault it has. Never
 * throws; no problem carries a value.
 */
export function readRecord<Body>(
  record: RawRecord,
  schemas: Readonly<Record<string, z.ZodType<Body>>>,
): Reading<Body> {
  const problems: Problem[] = [];
  const { attributes, attributePath, data } = readCloudEvent(record, problems);
  const { type } = attributes;
  const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) {
    const code = type === undefined ? 'missing' : 'wrong';
    note(problems, `${attributePath}type`, `expected ${Object.keys(schemas).join(' or ')}`, code);
  }
  const judged = judge(attributesSchema, attributes, attributePath, problems);
  if (judged) refuseAhead(judged.time, `${attributePath}time`, record, problems);
  const body = schema && data !== undefined ? judge(schema, data, 'data.', problems) : undefined;
  return { problems, attributes: judged, body };
}

/**
 * Adds a problem when `at` is too far ahead of the record's own Kafka timestamp; -1 is a record without one. A retry
 * record's is of our own clock, and its event was judged when it first came.
 */
export function refuseAhead(at: number, path: string, record: RawRecord, problems: Problem[]): void {
  if (record.timestamp < 0 || at - record.timestamp <= MAX_AHEAD_MS || RETRY_TOPICS.has(record.topic)) return;
  note(problems, path, 'expected a time at most 5 minutes ahead of the record’s own timestamp', 'ahead');
}

function judge<T>(schema: z.ZodType<T>, input: unknown, prefix: string, problems: Problem[]): T | undefined {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    const place = path.length === 0 ? prefix.slice(0, -1) : prefix + path.join('.');
    const code = valueAt(input, path) === undefined ? 'missing' : 'wrong';
    note(problems, place, message.replace(/^[^:]+: (?=expected )/, ''), code);
  }
  return undefined;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (Object(value) as Record<PropertyKey, unknown>)[key], input);
}
