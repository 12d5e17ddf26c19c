import { encodeEvent } from '../encode-event.ts';
import { type EventType } from '../event-types.ts';
import { decode } from '../decode.ts';
import type { RawRecord } from '../event.ts';
import { AT, CALL } from './samples.ts';

export const AT_MS = Date.parse(AT);
export const MINUTE = 60_000;

export type Headers = RawRecord['headers'];

export function record(type: EventType, data: unknown, change: Partial<RawRecord> = {}): RawRecord {
  const { topic, ...encoded } = encodeEvent({
    type,
    source: '/switch/1',
    id: 'e-1',
    time: AT_MS,
    key: null,
    data,
  } as never);
  return { topic, partition: 3, offset: '41', timestamp: AT_MS, ...encoded, ...change };
}

export function call(change: object, more: Partial<RawRecord> = {}): RawRecord {
  return record('call.v1', { ...CALL, ...change }, more);
}

export function withHeaders(change: Headers): RawRecord {
  const good = call({});
  return { ...good, headers: { ...good.headers, ...change } };
}

export function structured(change: object, contentType = 'application/cloudevents+json'): RawRecord {
  const value = { specversion: '1.0', id: 'e-1', source: '/switch/1', type: 'call.v1', time: AT, data: CALL };
  return call(
    {},
    {
      headers: { 'content-type': contentType },
      value: Buffer.from(JSON.stringify({ ...value, ...change })),
    },
  );
}

export function paths(malformed: RawRecord): string[] {
  const result = decode(malformed);
  return result.ok ? [] : result.problems.map(({ path }) => path);
}
