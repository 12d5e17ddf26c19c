import type { RetryTopic } from '#events';
import { keepDeadLetter } from './finish.ts';
import { isAnswered, outcomeOf } from './outcome.ts';
import type { DeliveryDeps } from './deps.ts';
import type { KeptAnswer, LedgerRow, LedgerTable } from './ports.ts';
import { parkedAtOf, retryHeaders, type RetryNote } from './retry-headers.ts';
import { parkedWait } from './retry-policy.ts';
import type { PendingDelivery } from './verdict.ts';

type ResultDeps = Pick<DeliveryDeps, 'stores' | 'publishing' | 'telemetry' | 'now'>;

/**
 * Publishes what follows from an event's table and is not yet in Kafka: the outcome once every recipient has an answer,
 * then a retry record for each recipient that waits, and one dead letter for all recipients that an operator has to
 * look at. The outcome goes first: if its topic were refused, each repetition would add another retry record. Resolves
 * when Kafka has acknowledged everything; after a crash in between it is repeated, which the ledger makes harmless.
 */
export async function publishResults(
  deps: ResultDeps,
  pending: PendingDelivery,
  table: LedgerTable,
): Promise<void> {
  const mine = (row: LedgerRow): boolean => !pending.retry || pending.retry.address === row.address;
  const unsettled = table.rows.filter((row) => !row.settled && row.state !== 'open');
  const isComplete = isAnswered(table);
  if (isComplete && unsettled.length > 0) await deps.publishing.outcomes.publish([outcomeOf(table)]);
  const publishing = unsettled.filter(mine).map((row) => publishRetry(deps, pending, table, row));
  publishing.push(publishDeadLetter(deps, pending, unsettled.filter(mine)));
  await Promise.all(publishing);
  // No row is settled before the outcome is published: a second delivery would not publish it either.
  const settled = unsettled.filter((row) => isComplete && (row.state !== 'deferred' || mine(row)));
  if (settled.length > 0) await deps.stores.ledger.settle({ ...table, rows: settled });
}

/**
 * Parks a recipient in a short retry topic although no attempt failed: it waits for its answer, or for the end of
 * somebody else's claim. With a lapsed claim it is the shortest topic, so that it comes behind an answer kept there.
 */
export async function park(
  deps: ResultDeps,
  pending: PendingDelivery,
  address: string,
  attempts: number,
  isLapsed = false,
): Promise<void> {
  const parkedAt = (isLapsed ? undefined : parkedAtOf(pending.record)) ?? deps.now();
  const { retryTopic, notBefore } = parkedWait(pending.ladder, deps.now(), parkedAt);
  const note = { address, attempts, event: pending.decided, error: 'no answer yet', notBefore, parkedAt };
  await putRetry(deps, pending, retryTopic, note);
}

/**
 * Keeps an answer in Kafka while Redis is unavailable: whoever consumes the retry topic records it. It follows the
 * recipient's parked copy in the same partition, and is due at once.
 */
export async function keepAnswer(
  deps: ResultDeps,
  pending: PendingDelivery,
  address: string,
  answered: KeptAnswer,
): Promise<void> {
  const now = deps.now();
  const { retryTopic } = parkedWait(pending.ladder, now, now);
  const note = {
    address,
    attempts: answered.attempts,
    event: pending.decided,
    error: answered.response,
    notBefore: now,
    answered,
  };
  await putRetry(deps, pending, retryTopic, note);
}

function putRetry(
  { publishing, now }: ResultDeps,
  { record }: PendingDelivery,
  topic: RetryTopic,
  note: RetryNote,
): Promise<void> {
  return publishing.retries.put(record, topic, retryHeaders(note, record, now()));
}

/** The retry record of a recipient that waits. */
async function publishRetry(
  deps: ResultDeps,
  pending: PendingDelivery,
  table: LedgerTable,
  row: LedgerRow,
): Promise<void> {
  const { address, attempts, response } = row;
  if (row.state === 'deferred' && row.retryTopic !== undefined && row.notBefore !== undefined) {
    const note = { address, attempts, event: table.event, error: response, notBefore: row.notBefore };
    await putRetry(deps, pending, row.retryTopic, note);
  }
}

/** One dead letter for all recipients of the record that need it; `in-doubt` is the graver reason. */
async function publishDeadLetter(
  deps: ResultDeps,
  pending: PendingDelivery,
  rows: readonly LedgerRow[],
): Promise<void> {
  const dead = rows.filter((row) => row.state === 'in-doubt' || row.deadLetter === true);
  if (dead.length === 0) return;
  const reason = dead.some(({ state }) => state === 'in-doubt') ? 'in-doubt' : 'internal-error';
  const error = [...new Set(dead.map(({ response }) => response))].join('; ');
  const attempts = Math.max(...dead.map((row) => row.attempts));
  await keepDeadLetter(deps, pending.record, reason, error, attempts);
}
