import { decode, SOURCE_TOPICS, TOPICS, type Problem, type SourceTopic } from '#events';
import type { DeadLetter } from './dead-letter.ts';

/** Fields that may hold a secret which should have been sealed (O5); in `data_base64` nobody would see it, but it is there. */
const SECRET_FIELDS = new Set(['secret', 'code', 'link', 'password', 'data_base64']);

/** The value of a record, as far as a person may see it. */
type ShownValue =
  | { readonly form: 'none' }
  /** Not shown: it is no JSON and may hold an unsealed code or link. */
  | { readonly form: 'hidden' }
  /** Indented JSON, without secrets. */
  | { readonly form: 'json'; readonly text: string }
  | { readonly form: 'text'; readonly text: string };

/** What a replay would come to, as this version reads the record now. */
type Reading =
  | { readonly replay: 'works' }
  /** Only its beginning is kept. */
  | { readonly replay: 'cut' }
  /** It did not come by a topic of events of this installation. */
  | { readonly replay: 'foreign' }
  | { readonly replay: 'fails'; readonly problems: readonly Problem[] };

/** What a person may see of a dead letter besides its headers. */
export interface DeadLetterView {
  /** Where it first came from, without prefix; absent for a topic of others. */
  readonly topic?: SourceTopic;
  readonly value: ShownValue;
  readonly reading: Reading;
}

/** Reads a dead letter for a person, without unsealing secrets. `now` is in epoch milliseconds. */
export function viewDeadLetter(letter: DeadLetter, topicPrefix: string, now: number): DeadLetterView {
  const topic = SOURCE_TOPICS.find((one) => topicPrefix + one === letter.origin.topic);
  const maySecret = topic === undefined || TOPICS[topic].family === 'access';
  return {
    ...(topic && { topic }),
    value: shownValue(letter.record.value, maySecret),
    reading: readingOf(letter, topic, now),
  };
}

function shownValue(value: Buffer | null, maySecret: boolean): ShownValue {
  if (value === null) return { form: 'none' };
  try {
    const json: unknown = JSON.parse(value.toString());
    return { form: 'json', text: JSON.stringify(json, maySecret ? withoutSecrets : undefined, 2) };
  } catch {
    return maySecret ? { form: 'hidden' } : { form: 'text', text: textOf(value) };
  }
}

function withoutSecrets(name: string, value: unknown): unknown {
  return SECRET_FIELDS.has(name) ? '(not shown)' : value;
}

function readingOf({ record, cut }: DeadLetter, topic: SourceTopic | undefined, now: number): Reading {
  if (cut) return { replay: 'cut' };
  if (!topic) return { replay: 'foreign' };
  const read = decode({ ...record, topic, timestamp: now });
  return read.ok ? { replay: 'works' } : { replay: 'fails', problems: read.problems };
}

/** A header or key as text: valid UTF-8 as it is, other bytes in hexadecimal. */
export function textOf(value: Buffer | string | null): string {
  if (value === null) return '(no value)';
  if (typeof value === 'string') return value;
  const read = value.toString();
  return Buffer.from(read).equals(value) ? read : `0x${value.toString('hex')}`;
}
