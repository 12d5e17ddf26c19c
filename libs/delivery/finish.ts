import { eventFields, isRetryTopic, type RawRecord } from '#events';
import type { DeliveryDeps } from './deps.ts';
import type { EventResult } from './metrics.ts';
import { outcomeWithoutMail } from './outcome.ts';
import type { DeadLetterReason, RecordBatch } from './ports.ts';
import { isUnauthorized, unavailableServer } from './server-errors.ts';
import type { Dead, Duplicate, FinalVerdict, Recorded, Suppressed } from './verdict.ts';

type FinishDeps = Pick<DeliveryDeps, 'publishing' | 'telemetry'>;

/**
 * Acts on the final verdicts on some records of a batch: publishes outcomes of suppressed events and dead letters, then
 * acknowledges each record and counts it. The outcomes of suppressed events are published together. Resolves with
 * whether every record was acknowledged; rejects when Kafka is unavailable.
 */
export async function finish(
  deps: FinishDeps,
  batch: RecordBatch,
  verdicts: readonly FinalVerdict[],
): Promise<boolean> {
  const suppressed: Suppressed[] = [];
  const published: Promise<boolean>[] = [];
  let isAcknowledged = true;
  for (const one of verdicts) {
    switch (one.verdict) {
      case 'suppressed':
        suppressed.push(one);
        break;
      case 'dead':
        published.push(finishDead(deps, batch, one));
        break;
      case 'recorded':
      case 'duplicate':
        finishRecorded(deps, batch, one);
        break;
      case 'held':
        isAcknowledged = false;
    }
  }
  if (suppressed.length > 0) published.push(finishSuppressed(deps, batch, suppressed));
  // Each is awaited before the first failure is: a record kept once the batch has ended would be kept again.
  const results = await Promise.allSettled(published);
  return isAcknowledged && results.every((result) => resultOf(result));
}

function resultOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

/** Nothing was sent, so nothing needs the ledger: the outcome is all there is. */
async function finishSuppressed(
  { publishing, telemetry }: FinishDeps,
  batch: RecordBatch,
  suppressed: readonly Suppressed[],
): Promise<true> {
  await publishing.outcomes.publish(
    suppressed.map(({ event, decision }) => outcomeWithoutMail(event, decision)),
  );
  const reasons = new Map<string, number>();
  for (const { record, event, decision } of suppressed) {
    batch.ack(record);
    telemetry.traces.end(record, 'decided', decision.reason);
    const key = `${event.kind} ${decision.reason}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  for (const [key, count] of reasons) {
    const [kind = '', reason = ''] = key.split(' ');
    telemetry.metrics.decisions.inc({ kind, reason }, count);
  }
  telemetry.metrics.events.inc({ topic: batch.topic, result: 'decided' }, suppressed.length);
  return true;
}

/**
 * Resolves with false when the record cannot be kept although Kafka is available: it is read again later, and the
 * records behind it go on.
 */
async function finishDead(
  deps: FinishDeps,
  batch: RecordBatch,
  { record, reason, problem, bug }: Dead,
): Promise<boolean> {
  const { log, metrics, traces } = deps.telemetry;
  const { topic, partition, offset } = record;
  let isKept = true;
  try {
    await keepDeadLetter(deps, record, reason, problem, 0);
  } catch (error) {
    if (unavailableServer(error) !== undefined && !isUnauthorized(error)) throw error;
    log.error(
      { err: error, ...eventFields(record), topic, partition, offset, reason },
      'A record could not be kept as a dead letter',
    );
    isKept = false;
  }
  if (isKept) {
    const result: EventResult = reason;
    metrics.events.inc({ topic, result });
    batch.ack(record);
    traces.end(record, result);
  }
  if (bug !== undefined) {
    const fields = { err: bug, ...eventFields(record), topic, partition, offset };
    if (isKept) log.error(fields, 'A record met a bug and went to the dead letters');
    else log.error(fields, 'A record met a bug and stays where it is');
  }
  return isKept;
}

/** Publishes a record as a dead letter and counts it. `error` carries no personal data. */
export async function keepDeadLetter(
  { publishing, telemetry }: FinishDeps,
  record: RawRecord,
  reason: DeadLetterReason,
  error: string,
  attempts: number,
): Promise<void> {
  await publishing.deadLetters.keep(record, reason, error, attempts);
  telemetry.metrics.deadLetters.inc({ reason });
}

/** A retry is no new event, so it is not counted again. */
function finishRecorded(
  { telemetry: { metrics, traces } }: FinishDeps,
  batch: RecordBatch,
  { verdict, pending: { record, event, decided } }: Recorded | Duplicate,
): void {
  batch.ack(record);
  const result: EventResult = verdict === 'duplicate' ? 'duplicate' : 'decided';
  traces.end(record, result, decided.reason);
  if (isRetryTopic(batch.topic)) return;
  metrics.events.inc({ topic: batch.topic, result });
  if (result === 'decided') metrics.decisions.inc({ kind: event.kind, reason: decided.reason });
}
