import { createHash } from 'node:crypto';
import { DEAD_LETTER_TOPIC } from '#events';
import type { RawRecord } from '#events';
import type { DeadLetters } from '#delivery';
import { headersWithOrigin } from './origin.ts';
import type { Publisher } from './publisher.ts';

/** Keeps records in `notify-dlq`, bytes and headers as they came, with `dlq-*` and `orig-*` headers added. */
export function createDeadLetters(publisher: Pick<Publisher, 'publish'>, topicPrefix: string): DeadLetters {
  return {
    keep(record, reason, error, attempts): Promise<void> {
      const headers = {
        ...headersWithOrigin(record, topicPrefix),
        'dlq-id': deadLetterId(record),
        'dlq-reason': reason,
        'dlq-error': error.slice(0, MAX_ERROR_LENGTH),
        'dlq-attempts': String(attempts),
        'dlq-at': new Date().toISOString(),
      };
      return publisher.publish([{ topic: DEAD_LETTER_TOPIC, key: record.key, value: record.value, headers }]);
    },
  };
}

/** The topic leaves room for the added headers, so that the largest record fits with them. */
const MAX_ERROR_LENGTH = 2_000;

/** The same record gets the same id however often it is kept, so that a copy made by a crash is seen as one. */
function deadLetterId({ topic, partition, offset, timestamp }: RawRecord): string {
  return createHash('sha256')
    .update(`${topic}/${partition}/${offset}/${timestamp}`)
    .digest('hex')
    .slice(0, 16);
}
