import { isRetryTopic, type RawRecord } from '#events';
import type { RecordHeaders } from './outgoing-record.ts';

/** A record's headers with `orig-*`: where it first came from, so a record of a retry topic keeps those that it has. */
export function headersWithOrigin(record: RawRecord, topicPrefix: string): RecordHeaders {
  const fromRetry = isRetryTopic(record.topic) && record.headers['orig-topic'] !== undefined;
  if (fromRetry) return record.headers;
  return {
    ...record.headers,
    'orig-topic': topicPrefix + record.topic,
    'orig-partition': String(record.partition),
    'orig-offset': record.offset,
    'orig-timestamp': String(record.timestamp),
  };
}
