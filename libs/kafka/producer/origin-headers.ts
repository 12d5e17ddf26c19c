import { isRetryTopic, type RawRecord } from '#events';
import type { RecordHeaders } from './outgoing-record.ts';

/** Adds `orig-*` headers that say where a record came from first. A record of a retry topic has them already. */
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
