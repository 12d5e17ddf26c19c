import { REPLAY_HEADER } from '#delivery';
import { SOURCE_TOPICS, type RawRecord } from '#events';
import { CUT_HEADER } from '../kafkajs/record-headers.ts';
import type { OutgoingRecord } from './publisher.ts';

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
