import pMap from 'p-map';
import { isRetryTopic, type RawRecord } from '#events';
import { away, isUnauthorized } from './away.ts';
import { deadLetter } from './dead-letter.ts';
import { deliverFaults } from './deliver-faults.ts';
import { decideBatch, type DecidedBatch, type Unwanted } from './decide-batch.ts';
import { decodeBatch } from './decode-batch.ts';
import { outcomeWithoutMail } from './outcome.ts';
import type { DeliveryDeps, Owed } from './deps.ts';
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
export async function deliver(deps: DeliveryDeps, batch: RecordBatch): Promise<BatchResult> {
  if (deps.flow.breaker.isOpen()) return { resumeAt: deps.now() + CLOSED_MS };
  const { due, resumeAt } = isRetryTopic(batch.topic) ? duePart(batch, deps.now()) : { due: batch.records };
  try {
    // No variable holds what a step came to: while the batch's last mail waits, all its other events may go.
    await decodeBatch(deps, batch, due)
      .then((decoded) => decideBatch(deps, batch, decoded))
      .then((decided) => carryOut(deps, batch, decided));
  } catch (error) {
    if (away(error) !== 'redis') throw error;
    deps.flow.breaker.redisUnavailable(error as Error);
  }
  return resumeAt === undefined ? {} : { resumeAt };
}

function carryOut(
  deps: DeliveryDeps,
  batch: RecordBatch,
  { unwanted, owed, faults }: DecidedBatch,
): Promise<unknown> {
  const send = (one: Owed): Promise<boolean> => renderSendRecord(deps, batch, one);
  return Promise.all([
    tellUnwanted(deps, batch, unwanted),
    pMap(owed, send, { concurrency: WINDOW, stopOnError: false }),
    deliverFaults(deps, faults, {
      send,
      tell: (one) => tellUnwanted(deps, batch, [one]),
      failed: (record, error) => leaveOrKeep(deps, batch, record, error),
      mayStart: () => !deps.flow.breaker.isOpen() && !batch.signal.aborted,
    }),
  ]);
}

/** The outcome of what becomes no mail, joined for the whole batch; nothing was sent, so nothing needs the ledger. */
async function tellUnwanted(
  deps: DeliveryDeps,
  batch: RecordBatch,
  unwanted: readonly Unwanted[],
): Promise<void> {
  if (unwanted.length === 0) return;
  await deps.publishing.outcomes.publish(
    unwanted.map(({ event, decision }) => outcomeWithoutMail(event, decision)),
  );
  const reasons = new Map<string, number>();
  for (const { record, event, decision } of unwanted) {
    batch.settled(record);
    const key = `${event.kind} ${decision.reason}`;
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
  }
  for (const [key, count] of reasons) {
    const [kind = '', reason = ''] = key.split(' ');
    deps.telemetry.metrics.decisions.inc({ kind, reason }, count);
  }
  deps.telemetry.metrics.events.inc({ topic: batch.topic, result: 'decided' }, unwanted.length);
}

/** Renders, sends and records what one event owes. Resolves with false when it was left alone for now. */
async function renderSendRecord(deps: DeliveryDeps, batch: RecordBatch, owed: Owed): Promise<boolean> {
  if (batch.signal.aborted || deps.flow.breaker.isOpen()) return false;
  try {
    await batch.fence();
    const settled = await oneAtATime(deps, owed, () => settle(deps, owed, batch.signal));
    if (settled === 'held') return false;
    batch.settled(owed.record);
    count(deps, batch, owed, settled);
    return true;
  } catch (error) {
    if (batch.signal.aborted) return false;
    return leaveOrKeep(deps, batch, owed.record, error);
  }
}

/**
 * With Redis or Kafka away the record stays where it is, and so it does when Kafka refuses us a topic; then only those
 * behind it go on. A bug of ours must not hold them either.
 */
async function leaveOrKeep(
  deps: DeliveryDeps,
  batch: RecordBatch,
  record: RawRecord,
  error: unknown,
): Promise<boolean> {
  if (isUnauthorized(error)) return false;
  const target = away(error);
  if (target === 'kafka') throw error;
  if (target === 'redis') {
    deps.flow.breaker.redisUnavailable(error as Error);
    return false;
  }
  const name = error instanceof Error ? error.name : 'Error';
  const isKept = await deadLetter(deps, batch, record, 'internal-error', name);
  const became = isKept ? 'went to the dead letters' : 'stays where it is';
  deps.telemetry.log.error({ err: error, topic: batch.topic }, `A record met a bug and ${became}`);
  return isKept;
}

/** A second copy of an event waits for the first, so that it finds an answer instead of a claim. */
async function oneAtATime(
  deps: DeliveryDeps,
  { event, retry }: Owed,
  work: () => Promise<Settled>,
): Promise<Settled> {
  const key = JSON.stringify([event.source, event.id, retry?.address]);
  for (let first = deps.flow.inProgress.get(key); first; first = deps.flow.inProgress.get(key)) {
    await first.catch(() => undefined);
  }
  const working = work();
  deps.flow.inProgress.set(key, working);
  try {
    return await working;
  } finally {
    deps.flow.inProgress.delete(key);
  }
}

function count(deps: DeliveryDeps, batch: RecordBatch, owed: Owed, settled: Exclude<Settled, 'held'>): void {
  if (isRetryTopic(batch.topic)) return;
  const result = settled === 'duplicate' ? 'duplicate' : 'decided';
  deps.telemetry.metrics.events.inc({ topic: batch.topic, result });
  if (result === 'decided')
    deps.telemetry.metrics.decisions.inc({ kind: owed.event.kind, reason: owed.decided.reason });
}
