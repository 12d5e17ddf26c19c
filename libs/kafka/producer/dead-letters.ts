import { createHash } from 'node:crypto';
import { DEAD_LETTER_TOPIC } from '#events';
import type { DeadLetters } from '#delivery';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { CUT_HEADER, isPlaceholder } from '../kafkajs/placeholder-record.ts';
import { headersWithOrigin } from './origin-headers.ts';
import type { RecordHeaders } from './outgoing-record.ts';
import type { Publisher } from './publisher.ts';
import { truncateRecord } from './truncate-record.ts';

/**
 * Keeps records in `notify-dlq`, with bytes and headers as they came, and `dlq-*` and `orig-*` headers added. A record that
 * Kafka refuses for what it is, mostly for its size, is truncated, so that the records behind it need not wait for ever.
 */
export function createDeadLetters(publisher: Pick<Publisher, 'publish'>, topicPrefix: string): DeadLetters {
  return {
    async keep(record, reason, error, attempts): Promise<void> {
      const origin = headersWithOrigin(record, topicPrefix);
      const headers = {
        ...origin,
        // A header of that name from the source would prevent a replay.
        [CUT_HEADER]: isPlaceholder(origin) ? origin[CUT_HEADER] : undefined,
        'dlq-id': deadLetterId(origin),
        'dlq-reason': reason,
        'dlq-error': error.slice(0, MAX_ERROR_LENGTH),
        'dlq-attempts': String(attempts),
        'dlq-at': new Date().toISOString(),
      };
      const letter = { topic: DEAD_LETTER_TOPIC, key: record.key, value: record.value, headers };
      try {
        await publisher.publish([letter]);
      } catch (refusal) {
        if (!isAboutTheRecord(refusal)) throw refusal;
        await publisher.publish([truncateRecord(letter)]);
      }
    },
  };
}

/** Whether Kafka refuses this record every time, but would take another. */
function isAboutTheRecord(error: unknown): boolean {
  return error instanceof KafkaError && !error.retryable && ['too-large', 'kafka'].includes(error.code);
}

/** The topic allows for the added headers, so that even the largest record fits. */
const MAX_ERROR_LENGTH = 2_000;

/**
 * The same id for everything that came of one source record, so that copies made by a crash, and the recipients of one
 * event that end here one after another, are replayed as one.
 */
function deadLetterId(origin: RecordHeaders): string {
  const place = ['orig-topic', 'orig-partition', 'orig-offset', 'orig-timestamp'];
  return createHash('sha256')
    .update(place.map((name) => String(origin[name])).join('/'))
    .digest('hex')
    .slice(0, 16);
}
