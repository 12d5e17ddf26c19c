import type { RetryQueue } from '#delivery';
import type { Publisher } from './publisher.ts';

/** Puts records into retry topics: key, bytes and headers as they came, the given headers and `orig-*` added. */
export function createRetryQueue(_publisher: Publisher, _topicPrefix: string): RetryQueue {
  throw new Error('not yet');
}
