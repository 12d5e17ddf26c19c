import type { RawRecord } from '#events';
import { away, isUnauthorized } from './away.ts';
import type { EventResult } from './metrics.ts';
import type { DeliveryDeps } from './deps.ts';
import type { DeadLetterReason, RecordBatch } from './ports.ts';

/**
 * Keeps a record that cannot become mail, settles it when Kafka has it, and counts it. `error` carries no personal data.
 * Rejects with Kafka away. Resolves with false when it cannot be kept although Kafka is there: it stays unsettled and is
 * read again, and what is behind it goes on.
 */
export async function deadLetter(
  deps: DeliveryDeps,
  batch: RecordBatch,
  record: RawRecord,
  reason: Exclude<DeadLetterReason, 'in-doubt'>,
  error: string,
): Promise<boolean> {
  try {
    await deps.publishing.deadLetters.keep(record, reason, error, 0);
  } catch (failure) {
    if (away(failure) !== undefined && !isUnauthorized(failure)) throw failure;
    const { topic, partition, offset } = record;
    deps.telemetry.log.error(
      { err: failure, topic, partition, offset, reason },
      'A record could not be kept as a dead letter',
    );
    return false;
  }
  const result: EventResult = reason;
  deps.telemetry.metrics.deadLetters.inc({ reason });
  deps.telemetry.metrics.events.inc({ topic: record.topic, result });
  batch.settled(record);
  return true;
}
