import pMap from 'p-map';
import { isRetryTopic, type RawRecord } from '#events';
import { away, isUnauthorized } from './away.ts';
import { deadLetter } from './dead-letter.ts';
import { deliverFaults } from './deliver-faults.ts';
import { decideBatch, type DecidedBatch, type Unwanted } from './decide-batch.ts';
import { decodeBatch } from './decode-batch.ts';
import { outcomeWithoutMail } from './outcome.ts';
import type { DeliveryParts, Owed } from './parts.ts';
import type { BatchResult, RecordBatch } from './ports.ts';
import { duePart } from './retry-headers.ts';
import { settle, type Settled } from './settle.ts';

/** Mails of one partition that are worked at once; all partitions share the connections. */
const WINDOW = 64;
/** How soon to look again at a batch that met an open breaker: the lane is being paused meanwhile. */
const CLOSED_MS = 500;

/**
 * The way of an event: decode → decide → render → send → record, for a batch of one partition. What `batch.settled`
 * was told is committed by the transport; everything else comes again. Rejects only for a bug or with Kafka away.
 */
export async function deliver(parts: DeliveryParts, batch: RecordBatch): Promise<BatchResult> {
  if (parts.breaker.isOpen()) return { resumeAt: parts.now() + CLOSED_MS };
  const { due, resumeAt } = isRetryTopic(batch.topic) ? duePart(batch, parts.now()) : { due: batch.records };
  try {
    // No variable holds what a step came to: while the batch's last mail waits, all its other events may go.
    await decodeBatch(parts, batch, due)
      .then((decoded) => decideBatch(parts, batch, decoded))
      .then((decided) => carryOut(parts, batch, decided));
  } catch (error) {
    if (away(error) !== 'redis') throw error;
    parts.breaker.redisUnavailable(error as Error);
  }
  return resumeAt === undefined ? {} : { resumeAt };
}

function carryOut(
  parts: DeliveryParts,
  batch: RecordBatch,
  { unwanted, owed, faults }: DecidedBatch,
): Promise<unknown> {
  const send = (one: Owed): Promise<boolean> => renderSendRecord(parts, batch, one);
  return Promise.all([
    tellUnwanted(parts, batch, unwanted),
    pMap(owed, send, { concurrency: WINDOW, stopOnError: false }),
    deliverFaults(parts, faults, {
      send,
      tell: (one) => tellUnwanted(parts, batch, [one]),
      failed: (record, error) => leaveOrKeep(parts, batch, record, error),
      mayStart: () => !parts.breaker.isOpen() && !batch.signal.aborted,
    }),
  ]);
}

/** The outcome of what becomes no mail, joined for the whole batch; nothing was sent, so nothing needs the ledger. */
async function tellUnwanted(
  parts: DeliveryParts,
  batch: RecordBatch,
  unwanted: readonly Unwanted[],
): Promise<void> {
  if (unwanted.length === 0) return;
  await parts.outcomes.publish(unwanted.map(({ event, decision }) => outcomeWithoutMail(event, decision)));
  const reasons = new Map<string, number>();
  for (const { record, event, decision } of unwanted) {
    batch.settled(record);
    const key = `${event.kind} ${decision.reason}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  for (const [key, count] of reasons) {
    const [kind = '', reason = ''] = key.split(' ');
    parts.metrics.decisions.inc({ kind, reason }, count);
  }
  parts.metrics.events.inc({ topic: batch.topic, result: 'decided' }, unwanted.length);
}

/** Renders, sends and records what one event owes. Resolves with false when it was left alone for now. */
async function renderSendRecord(parts: DeliveryParts, batch: RecordBatch, owed: Owed): Promise<boolean> {
  if (batch.signal.aborted || parts.breaker.isOpen()) return false;
  try {
    await batch.fence();
    const settled = await oneAtATime(parts, owed, () => settle(parts, owed, batch.signal));
    if (settled === 'held') return false;
    batch.settled(owed.record);
    count(parts, batch, owed, settled);
    return true;
  } catch (error) {
    if (batch.signal.aborted) return false;
    return leaveOrKeep(parts, batch, owed.record, error);
  }
}

/**
 * With Redis or Kafka away the record stays where it is, and so it does when Kafka refuses us a topic; then only those
 * behind it go on. A bug of ours must not hold them either.
 */
async function leaveOrKeep(
  parts: DeliveryParts,
  batch: RecordBatch,
  record: RawRecord,
  error: unknown,
): Promise<boolean> {
  if (isUnauthorized(error)) return false;
  const target = away(error);
  if (target === 'kafka') throw error;
  if (target === 'redis') {
    parts.breaker.redisUnavailable(error as Error);
    return false;
  }
  const name = error instanceof Error ? error.name : 'Error';
  const isKept = await deadLetter(parts, batch, record, 'internal-error', name);
  const became = isKept ? 'went to the dead letters' : 'stays where it is';
  parts.log.error({ err: error, topic: batch.topic }, `A record met a bug and ${became}`);
  return isKept;
}

/** A second copy of an event waits for the first, so that it finds an answer instead of a claim. */
async function oneAtATime(
  parts: DeliveryParts,
  { event, retry }: Owed,
  work: () => Promise<Settled>,
): Promise<Settled> {
  const key = JSON.stringify([event.source, event.id, retry?.address]);
  for (let first = parts.working.get(key); first; first = parts.working.get(key)) {
    await first.catch(() => undefined);
  }
  const working = work();
  parts.working.set(key, working);
  try {
    return await working;
  } finally {
    parts.working.delete(key);
  }
}

function count(
  parts: DeliveryParts,
  batch: RecordBatch,
  owed: Owed,
  settled: Exclude<Settled, 'held'>,
): void {
  if (isRetryTopic(batch.topic)) return;
  const result = settled === 'duplicate' ? 'duplicate' : 'decided';
  parts.metrics.events.inc({ topic: batch.topic, result });
  if (result === 'decided')
    parts.metrics.decisions.inc({ kind: owed.event.kind, reason: owed.decided.reason });
}
