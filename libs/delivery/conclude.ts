import { outcomeOf } from './outcome.ts';
import type { DeliveryParts, Owed } from './parts.ts';
import type { LedgerRow, LedgerTable } from './ports.ts';
import { retryHeaders } from './retry-headers.ts';
import { shortestWait } from './retry-policy.ts';

/**
 * Publishes what follows from an event's table and is not yet known to Kafka: a retry record for each recipient that
 * waits, a dead letter for each in doubt, the outcome once every recipient has its first answer. Resolves when Kafka
 * has acknowledged all of it; a crash in between repeats it, which the ledger makes harmless.
 */
export async function conclude(parts: DeliveryParts, owed: Owed, table: LedgerTable): Promise<void> {
  const mine = (row: LedgerRow): boolean => !owed.retry || owed.retry.address === row.address;
  const unsettled = table.rows.filter((row) => !row.settled && row.state !== 'open');
  const following = unsettled.filter(mine).map((row) => keep(parts, owed, table, row));
  if (table.sequence > 0 && unsettled.length > 0) following.push(parts.outcomes.publish([outcomeOf(table)]));
  await Promise.all(following);
  // Before the first outcome only waiting rows are settled: the others still owe it.
  const settled = unsettled.filter((row) =>
    row.state === 'deferred' ? mine(row) && table.sequence > 0 : table.sequence > 0,
  );
  if (settled.length > 0) await parts.ledger.settle({ ...table, rows: settled });
}

/** Puts a recipient into the shortest retry topic although no attempt failed: its answer or a foreign claim is awaited. */
export async function park(
  parts: DeliveryParts,
  owed: Owed,
  address: string,
  attempts: number,
): Promise<void> {
  const wait = shortestWait(owed.ladder, parts.now());
  const note = { address, attempts, event: owed.decided, error: 'no answer yet', notBefore: wait.notBefore };
  await parts.retries.put(owed.record, wait.retryTopic, retryHeaders(note, owed.record, parts.now()));
}

async function keep(parts: DeliveryParts, owed: Owed, table: LedgerTable, row: LedgerRow): Promise<void> {
  const { address, attempts, response } = row;
  if (row.state === 'deferred' && row.retryTopic !== undefined && row.notBefore !== undefined) {
    const note = { address, attempts, event: table.event, error: response, notBefore: row.notBefore };
    await parts.retries.put(owed.record, row.retryTopic, retryHeaders(note, owed.record, parts.now()));
  }
  if (row.state === 'in-doubt') {
    parts.metrics.deadLetters.inc({ reason: 'in-doubt' });
    await parts.deadLetters.keep(owed.record, 'in-doubt', response, attempts);
  }
}
