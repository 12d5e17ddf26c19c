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
 * Keeps records in `notify-dlq`, bytes and headers as they came, with `dlq-*` and `orig-*` headers added. One that Kafka
 * refuses for what it is, mostly its size, is kept cut: the record is settled then, so nothing behind it waits for ever.
 */
export function createDeadLetters(publisher: Pick<Publisher, 'publish'>, topicPrefix: string): DeadLetters {
  return {
    async keep(record, reason, error, attempts): Promise<void> {
      const origin = headersWithOrigin(record, topicPrefix);
      const headers = {
        ...origin,
        // A source's own header of that name would keep its record from being replayed.
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

/** A refusal that the same record meets for ever, which another record would not. */
function isAboutTheRecord(error: unknown): boolean {
  return error instanceof KafkaError && !error.retryable && ['too-large', 'kafka'].includes(error.code);
}

/** The topic leaves room for the added headers, so that the largest record fits with them. */
const MAX_ERROR_LENGTH = 2_000;

/**
 * What came of the same source record gets the same id however often it is kept: a copy made by a crash, or the
 * recipients of one event that end here one after another, are replayed as one.
 */
function deadLetterId(origin: RecordHeaders): string {
  const place = ['orig-topic', 'orig-partition', 'orig-offset', 'orig-timestamp'];
  return createHash('sha256')
    .update(place.map((name) => String(origin[name])).join('/'))
    .digest('hex')
    .slice(0, 16);
}
