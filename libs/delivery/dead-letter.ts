import type { RawRecord } from '#events';
import type { EventResult } from './metrics.ts';
import type { DeliveryParts } from './parts.ts';
import type { DeadLetterReason, RecordBatch } from './ports.ts';

/** Keeps a record that cannot become mail, settles it when Kafka has it, and counts it. `error` carries no personal data. */
export async function deadLetter(
  parts: DeliveryParts,
  batch: RecordBatch,
  record: RawRecord,
  reason: Exclude<DeadLetterReason, 'in-doubt'>,
  error: string,
): Promise<void> {
  await parts.deadLetters.keep(record, reason, error, 0);
  const result: EventResult = reason;
  parts.metrics.deadLetters.inc({ reason });
  parts.metrics.events.inc({ topic: record.topic, result });
  batch.settled(record);
}
