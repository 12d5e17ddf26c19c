import { readCloudEvent } from './cloud-event.ts';
import type { RawRecord } from './event.ts';
import { knownFields } from './event-reader.ts';
import { EVENT_TYPES, type EventType } from './event-types.ts';

/** The headers and the value of an event without all that no reader of ours looks at. */
export interface BareRecord {
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time'];

/**
 * The same event in CloudEvents' binary mode, of its attributes and data only what the schemas name; `undefined` for a
 * record that is no event of ours.
 */
export function bareRecord(record: RawRecord): BareRecord | undefined {
  const { attributes, data } = readCloudEvent(record, []);
  const { type } = attributes;
  if (typeof type !== 'string' || !Object.hasOwn(EVENT_TYPES, type)) return undefined;
  const known = knownFields<object>(EVENT_TYPES[type as EventType].schema, data);
  if (known === undefined) return undefined;
  const headers = ATTRIBUTES.map((name) => [`ce_${name}`, String(attributes[name])]);
  return {
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
    value: Buffer.from(JSON.stringify(known)),
  };
}
