import type { DeadLetters } from '#delivery';
import type { Publisher } from './publisher.ts';

/** Keeps records in `notify-dlq`, bytes and headers as they came, with `dlq-*` and `orig-*` headers added. */
export function createDeadLetters(_publisher: Publisher, _topicPrefix: string): DeadLetters {
  throw new Error('not yet');
}
