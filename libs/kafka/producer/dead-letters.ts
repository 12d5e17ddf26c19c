import { createHash } from 'node:crypto';
import { DEAD_LETTER_TOPIC } from '#events';
import type { DeadLetters } from '#delivery';
import { KafkaError } from '../kafkajs/kafka-error.ts';
import { CUT_HEADER, isPlaceholder } from '../kafkajs/placeholder-record.ts';
import { headersWithOrigin } from './origin-headers.ts';
import { sizeOfRecord, type OutgoingRecord, type RecordHeaders } from './outgoing-record.ts';
import type { Publisher } from './publisher.ts';

/**
 * Publishes records to `notify-dlq`, bytes and headers unchanged, with `dlq-*` and `orig-*` headers added. A record
 * that Kafka refuses for itself, mostly for its size, is truncated, so that the records behind it need not wait
 * forever.
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
 * The same id for everything that came from one source record, so that copies made by a crash, and the recipients of
 * one event that end up here one after another, are replayed as one.
 */
function deadLetterId(origin: RecordHeaders): string {
  const place = ['orig-topic', 'orig-partition', 'orig-offset', 'orig-timestamp'];
  return createHash('sha256')
    .update(place.map((name) => String(origin[name])).join('/'))
    .digest('hex')
    .slice(0, 16);
}

/** How much of a value, of a key, and of the headers is kept. */
const VALUE_BYTES = 64 * 1024;
export const MAX_KEY_BYTES = 1024;
const HEADERS_BYTES = 64 * 1024;

/** Our own headers and those that identify the event, which are kept first. */
const NEEDED = /^(dlq-|orig-|ce_|content-type$)/;

/**
 * Truncates a record so that every topic accepts it: to the first 64 KB of its value and 64 KB of headers, those that
 * identify the event first. `dlq-cut` gives the original size of key, value and headers.
 */
export function truncateRecord(record: OutgoingRecord): OutgoingRecord {
  const { key, value, headers } = record;
  return {
    ...record,
    key: head(key, MAX_KEY_BYTES),
    value: head(value, VALUE_BYTES),
    headers: { ...fittingHeaders(headers), [CUT_HEADER]: String(sizeOfRecord({ key, value, headers })) },
  };
}

function fittingHeaders(headers: RecordHeaders): RecordHeaders {
  const all = Object.entries(headers);
  const inOrder = [
    ...all.filter(([name]) => NEEDED.test(name)),
    ...all.filter(([name]) => !NEEDED.test(name)),
  ];
  let left = HEADERS_BYTES;
  const fitting = inOrder.filter(([name, value]) => {
    const bytes = sizeOfRecord({ key: null, value: null, headers: { [name]: value } });
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return Object.fromEntries(fitting);
}

function head(part: Buffer | string | null, bytes: number): Buffer | null {
  return part === null ? null : Buffer.from(part).subarray(0, bytes);
}
