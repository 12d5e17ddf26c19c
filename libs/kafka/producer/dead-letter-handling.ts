import { REPLAY_HEADER } from '#delivery';
import { DEAD_LETTER_TOPIC, SOURCE_TOPICS, type RawRecord } from '#events';
import { CUT_HEADER } from '../kafkajs/placeholder-record.ts';
import type { OutgoingRecord } from './outgoing-record.ts';

/** What a person did about a dead letter. */
export const HANDLINGS = ['replayed', 'closed'] as const;
export type Handling = (typeof HANDLINGS)[number];

/** Of a mark: what was done. */
const HANDLED_HEADER = 'dlq-handled';

/** What a dead letter is called: its `dlq-id`, or `partition/offset` of one that no notifier wrote. */
export function deadLetterName({ headers, partition, offset }: RawRecord): string {
  return headers['dlq-id']?.toString() || `${partition}/${offset}`;
}

/**
 * The record that says of a dead letter, and of every copy of it that stands before the mark in the same partition, that
 * it waits for nobody any more. Kafka forgets no mark before the dead letter that it stands behind.
 */
export function handledMark(deadLetter: RawRecord, handling: Handling, at: Date): OutgoingRecord {
  const { key, partition } = deadLetter;
  return {
    topic: DEAD_LETTER_TOPIC,
    partition,
    key,
    value: null,
    headers: {
      'dlq-id': deadLetterName(deadLetter),
      [HANDLED_HEADER]: handling,
      'dlq-at': at.toISOString(),
    },
  };
}

/** What a record of `notify-dlq` says was done about the dead letter `dlq-id`; `undefined` for a dead letter itself. */
export function handlingOf({ headers }: RawRecord): Handling | undefined {
  // A dead letter keeps the headers that it came with, whatever they are called.
  if (headers['dlq-reason'] !== undefined) return undefined;
  const text = headers[HANDLED_HEADER]?.toString();
  return HANDLINGS.find((one) => one === text);
}

/** A dead letter as the record it first was, or why it cannot be that again. */
export type Replay = { readonly record: OutgoingRecord } | { readonly problem: string };

/**
 * The record that a dead letter first was, for the topic it first came by: bytes, key and headers without what retries
 * and the dead letters added, and a header that names the dead letter.
 */
export function replayOf(deadLetter: RawRecord, topicPrefix: string): Replay {
  const id = textOf(deadLetter, 'dlq-id');
  const cut = textOf(deadLetter, CUT_HEADER);
  if (cut)
    return { problem: `only its beginning is kept, of ${cut} bytes: have it published again by its source` };
  const origin = textOf(deadLetter, 'orig-topic');
  if (!id) return { problem: 'it has no header dlq-id' };
  const topic = SOURCE_TOPICS.find((one) => topicPrefix + one === origin);
  if (!topic) {
    const expected = SOURCE_TOPICS.map((one) => topicPrefix + one).join(', ');
    return { problem: `it first came by ${origin || 'no topic'}, expected one of ${expected}` };
  }
  const headers = Object.entries(deadLetter.headers).filter(([name]) => !/^(dlq|orig|retry)-/.test(name));
  return {
    record: {
      topic,
      key: deadLetter.key,
      value: deadLetter.value,
      headers: { ...Object.fromEntries(headers), [REPLAY_HEADER]: id },
    },
  };
}

function textOf({ headers }: RawRecord, name: string): string {
  return headers[name]?.toString() ?? '';
}
