import type { OutcomeLog } from '#delivery';
import type { Publisher } from './publisher.ts';

/** Joins outcomes to records of at most 512 KB (`outcomes.v1`) and publishes them, spread over the partitions. */
export function createOutcomeLog(_publisher: Publisher): OutcomeLog {
  throw new Error('not yet');
}
