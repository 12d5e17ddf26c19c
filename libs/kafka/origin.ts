import { ACCESS_RETRY_DELAYS_MS, RETRY_DELAYS_MS } from '#events';
import type { RawRecord } from '#events';
import type { RecordHeaders } from './record-headers.ts';

const RETRY_TOPICS = new Set<string>([
  ...Object.keys(RETRY_DELAYS_MS),
  ...Object.keys(ACCESS_RETRY_DELAYS_MS),
]);

/** A record's headers with `orig-*`: where it first came from, so a record of a retry topic keeps those that it has. */
export function headersWithOrigin(record: RawRecord, topicPrefix: string): RecordHeaders {
  const fromRetry = RETRY_TOPICS.has(record.topic) && record.headers['orig-topic'] !== undefined;
  if (fromRetry) return record.headers;
  return {
    ...record.headers,
    'orig-topic': topicPrefix + record.topic,
    'orig-partition': String(record.partition),
    'orig-offset': record.offset,
    'orig-timestamp': String(record.timestamp),
  };
}
