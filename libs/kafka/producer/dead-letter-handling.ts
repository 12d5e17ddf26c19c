import { REPLAY_HEADER } from '#delivery';
import { DEAD_LETTER_TOPIC, SOURCE_TOPICS, type RawRecord } from '#events';
import { CUT_HEADER } from '../kafkajs/placeholder-record.ts';
import type { OutgoingRecord } from './outgoing-record.ts';

/** What a person did about a dead letter. */
export const HANDLINGS = ['replayed', 'closed'] as const;
export type Handling = (typeof HANDLINGS)[number];

/** The header of a mark that says what was done. */
const HANDLED_HEADER = 'dlq-handled';

/** Names a dead letter by its `dlq-id`, or by `partition/offset` when no notifier wrote it. */
export function deadLetterName({ headers, partition, offset }: RawRecord): string {
  return headers['dlq-id']?.toString() || `${partition}/${offset}`;
}

/**
 * The record that marks a dead letter, and every earlier copy of it in the same partition, as handled. It comes after the
 * dead letter in the partition, so Kafka's retention never removes it first.
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

/** The handling that a mark in `notify-dlq` records; `undefined` for a dead letter. */
export function handlingOf({ headers }: RawRecord): Handling | undefined {
  // A dead letter keeps all headers of its source, which may have this name too.
  if (headers['dlq-reason'] !== undefined) return undefined;
  const text = headers[HANDLED_HEADER]?.toString();
  return HANDLINGS.find((one) => one === text);
}

/** The record to publish again, or why there is none. */
export type Replay = { readonly record: OutgoingRecord } | { readonly problem: string };

/**
 * Restores the record that a dead letter came from, for its original topic: its bytes, key and headers without those that
 * retries and dead letters added, and with a header that names the dead letter.
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
