import pMap from 'p-map';
import { isRetryTopic, type RawRecord } from '#events';
import { isUnauthorized, unavailableServer } from './server-errors.ts';
import { decideBatch, readSettings, type DecidedBatch } from './decide-batch.ts';
import { decideFault } from './decide-fault.ts';
import { decodeBatch } from './decode-batch.ts';
import { deliverPending } from './deliver-pending.ts';
import type { DeliveryDeps, Flow } from './deps.ts';
import { finish } from './finish.ts';
import type { BatchResult, RecordBatch } from './ports.ts';
import { duePart } from './retry-headers.ts';
import { HELD, type Dead, type Held, type PendingDelivery, type ReportedFault } from './verdict.ts';

/** Deliveries of one partition, and lines with faults, processed concurrently; all partitions share the connections. */
const AT_ONCE = { concurrency: 64, stopOnError: false } as const;
/** How soon to look again at a batch that met an open circuit breaker: the lane is being paused meanwhile. */
const BREAKER_OPEN_MS = 500;

/**
 * The way of an event, for a batch of one partition: decode → decide → claim → render → send → record → commit. Records
 * acknowledged by `batch.ack` are committed by the transport; all others are read again. Rejects only for a bug
 * or when Kafka is unavailable.
 */
export async function deliver(deps: DeliveryDeps, batch: RecordBatch): Promise<BatchResult> {
  const { flow, now } = deps;
  const { traces } = deps.telemetry;
  if (flow.breaker.isOpen()) return { resumeAt: now() + BREAKER_OPEN_MS };
  const { due, resumeAt } = isRetryTopic(batch.topic) ? duePart(batch, now()) : { due: batch.records };
  traces.begin(due);
  try {
    // No variable holds a step's result: while the batch's last mail waits, its other events can be freed.
    await decodeAndDecide(deps, due).then(({ finished, pending, faults }) =>
      Promise.all([
        finish(deps, batch, finished),
        pMap(pending, (one) => notify(deps, batch, one), AT_ONCE),
        inLineOrder(faults, (one) => notifyOfFault(deps, batch, one)),
      ]),
    );
  } catch (error) {
    if (unavailableServer(error) !== 'redis') throw error;
    flow.breaker.redisUnavailable(error as Error);
  } finally {
    traces.endHeld(batch.records);
  }
  return resumeAt === undefined ? {} : { resumeAt };
}

async function decodeAndDecide(deps: DeliveryDeps, records: readonly RawRecord[]): Promise<DecidedBatch> {
  const decoded = decodeBatch(records);
  const settings = await readSettings(deps.stores.settings, decoded);
  const decided = decideBatch(decoded, settings, deps.now(), deps.installation);
  deps.telemetry.traces.decided(decided);
  return decided;
}

/** Claims, renders, sends and records one delivery, and finishes its record. */
function notify(deps: DeliveryDeps, batch: RecordBatch, pending: PendingDelivery): Promise<boolean> {
  return guarded(deps, batch, pending.record, async () => {
    await batch.fence();
    return finish(deps, batch, [await deliverPending(deps, pending, batch.signal)]);
  });
}

/** Lets the line's history decide, then goes on as for any other event. */
function notifyOfFault(deps: DeliveryDeps, batch: RecordBatch, fault: ReportedFault): Promise<boolean> {
  return guarded(deps, batch, fault.record, async () => {
    const one = await decideFault(deps, fault);
    return one.verdict === 'to-notify' ? notify(deps, batch, one) : finish(deps, batch, [one]);
  });
}

/** Each line's faults in order (R4). The faults behind a record that was not acknowledged wait for it. */
async function inLineOrder(
  faults: readonly ReportedFault[],
  work: (fault: ReportedFault) => Promise<boolean>,
): Promise<void> {
  const lines = Map.groupBy(faults, ({ event }) => event.lineNumber);
  const workLine = async (ofLine: readonly ReportedFault[]): Promise<void> => {
    for (const fault of ofLine) if (!(await work(fault))) return;
  };
  await pMap(lines.values(), workLine, AT_ONCE);
}

/**
 * Processes one record, unless nothing more may be started. An error becomes this record's verdict and affects no other
 * record, except that it rejects when Kafka is unavailable. Resolves with whether the record was acknowledged.
 */
async function guarded(
  deps: DeliveryDeps,
  batch: RecordBatch,
  record: RawRecord,
  work: () => Promise<boolean>,
): Promise<boolean> {
  if (batch.signal.aborted || deps.flow.breaker.isOpen()) return false;
  try {
    return await work();
  } catch (error) {
    if (batch.signal.aborted) return false;
    return finish(deps, batch, [verdictOnError(deps.flow, record, error)]);
  }
}

/**
 * When Redis is unavailable, or Kafka does not let us write a topic, the record is held. Anything else is a bug, which
 * must not hold up the records behind it.
 */
function verdictOnError({ breaker }: Flow, record: RawRecord, error: unknown): Held | Dead {
  if (isUnauthorized(error)) return HELD;
  switch (unavailableServer(error)) {
    case 'kafka':
      throw error;
    case 'redis':
      breaker.redisUnavailable(error as Error);
      return HELD;
    case undefined: {
      const problem = error instanceof Error ? error.name : 'Error';
      return { verdict: 'dead', record, reason: 'internal-error', problem, bug: error };
    }
  }
}
