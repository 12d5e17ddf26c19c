import { DEAD_LETTER_TOPIC, type RawRecord } from '#events';
import type { OutgoingRecord } from './publisher.ts';

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
