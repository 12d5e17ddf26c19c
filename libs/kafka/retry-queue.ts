import type { RetryQueue } from '#delivery';
import { headersWithOrigin } from './origin.ts';
import type { Publisher } from './publisher.ts';

/** Puts records into retry topics: key, bytes and headers as they came, the given headers and `orig-*` added. */
export function createRetryQueue(publisher: Pick<Publisher, 'publish'>, topicPrefix: string): RetryQueue {
  return {
    put(record, topic, added): Promise<void> {
      const headers = { ...headersWithOrigin(record, topicPrefix), ...added };
      return publisher.publish([{ topic, key: record.key, value: record.value, headers }]);
    },
  };
}
