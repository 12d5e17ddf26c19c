import { randomUUID } from 'node:crypto';
import {
  attempt,
  type AttemptDeps,
  type AttemptProgress,
  type AttemptResult,
  type OwnClaim,
} from './attempt.ts';
import type { Claim, ClaimRequest, ClaimResult, KeptAnswer, Ledger, LedgerTable } from './ports.ts';
import { Patience } from './patience.ts';
import { park, publishResults } from './publish-results.ts';
import { header } from './retry-headers.ts';
import { retryWhileRedisIsUnavailable } from './server-errors.ts';
import { HELD, type Duplicate, type Held, type PendingDelivery, type Recorded } from './verdict.ts';

/**
 * A transaction without an answer for this long no longer holds up its partition: a parked copy takes over. Everything
 * behind it in the partition waits as long, and has to be mailed within 2 s.
 */
const PATIENCE_MS = 1_000;
/** How often Redis is asked for a claim: it may have granted it already although its reply was lost. */
const CLAIM_TRIES = 4;

/**
 * Delivers an event: claims its recipients in the ledger, sends to each separately, records the answers and publishes
 * what follows. One recipient that is slow or unreachable never delays the others. Rejects when Redis or
 * Kafka is unavailable: nothing is lost then.
 */
export function deliverPending(
  deps: AttemptDeps,
  pending: PendingDelivery,
  signal: AbortSignal,
): Promise<Recorded | Duplicate | Held> {
  return oneAtATime(deps.flow.inProgress, pending, () => claimAndSend(deps, pending, signal));
}

/** A second copy of an event waits for the first, so that it finds an answer instead of a claim. */
async function oneAtATime<T>(
  inProgress: Map<string, Promise<unknown>>,
  { event, retry }: PendingDelivery,
  work: () => Promise<T>,
): Promise<T> {
  const key = JSON.stringify([event.source, event.id, retry?.address]);
  for (let first = inProgress.get(key); first; first = inProgress.get(key)) {
    await first.catch(() => undefined);
  }
  const working = work();
  inProgress.set(key, working);
  try {
    return await working;
  } finally {
    inProgress.delete(key);
  }
}

async function claimAndSend(
  deps: AttemptDeps,
  pending: PendingDelivery,
  signal: AbortSignal,
): Promise<Recorded | Duplicate | Held> {
  const token = nextToken();
  await reopenReplayed(deps.stores.ledger, pending);
  if (pending.retry?.answered)
    return recordKeptAnswer(deps, pending, pending.retry.address, pending.retry.answered);
  const request: ClaimRequest = {
    event: pending.decided,
    ...(pending.retry ? { address: pending.retry.address, attempts: pending.retry.attempts } : {}),
    token,
  };
  const claimed = await retryWhileRedisIsUnavailable(
    deps.flow,
    (tries) => tries < CLAIM_TRIES && !signal.aborted,
    () => deps.stores.ledger.claim(request),
  );
  if (isDuplicate(claimed)) return { verdict: 'duplicate', pending };
  const asDecided: PendingDelivery = { ...pending, decided: claimed.table.event };
  const results = await Promise.all(
    [...claimed.claims].map(([address, claim]) =>
      deliverTo(deps, asDecided, claimed.table, { address, claim, token }, signal),
    ),
  );
  const tables = results.flatMap((one) => (one.kind === 'answered' ? [one.table] : []));
  if (tables.length > 0) await publishResults(deps, asDecided, latest(tables));
  return results.some(({ kind }) => kind === 'held') ? HELD : { verdict: 'recorded', pending };
}

/** Records an answer that was kept in Kafka while Redis was unavailable, with the token of its claim. */
async function recordKeptAnswer(
  deps: AttemptDeps,
  pending: PendingDelivery,
  address: string,
  { token, ...answer }: KeptAnswer,
): Promise<Recorded> {
  const table = await deps.stores.ledger.record(pending.decided, address, token, answer);
  await publishResults(deps, { ...pending, decided: table.event }, table);
  return { verdict: 'recorded', pending };
}

const PROCESS_TOKEN = randomUUID();
let tokens = 0;

/** Identifies the owner of a claim; unique across processes. */
function nextToken(): string {
  tokens += 1;
  return `${PROCESS_TOKEN}-${tokens}`;
}

/** The header of a replayed record, which names the dead letter that it was. */
export const REPLAY_HEADER = 'replay';

/** A replay reopens the rows that ended as that dead letter; its own retry records do not. */
async function reopenReplayed(ledger: Ledger, { record, retry, decided }: PendingDelivery): Promise<void> {
  const deadLetterId = retry ? undefined : header(record.headers, REPLAY_HEADER);
  if (deadLetterId) await ledger.reopen(decided.source, decided.id, deadLetterId);
}

interface RecipientClaim {
  readonly address: string;
  readonly claim: Claim;
  readonly token: string;
}

async function deliverTo(
  deps: AttemptDeps,
  pending: PendingDelivery,
  table: LedgerTable,
  { address, claim, token }: RecipientClaim,
  signal: AbortSignal,
): Promise<AttemptResult> {
  switch (claim.kind) {
    case 'done':
      return { kind: 'answered', table };
    case 'busy':
    case 'lapsed': {
      await park(deps, pending, address, attemptsOf(table, address), claim.kind === 'lapsed');
      return { kind: 'to-park' };
    }
    case 'mine': {
      const result = await attemptPatiently(deps, pending, { address, token, claim }, signal);
      if (result.kind === 'to-park') await park(deps, pending, address, claim.attempt - 1);
      return result;
    }
  }
}

/**
 * Waits for the attempt's turn, then for its answer, but not longer than patience allows. While the breaker is open it
 * goes on waiting, because an answer may have come that cannot be recorded; the end of the batch ends the wait.
 */
async function attemptPatiently(
  deps: AttemptDeps,
  pending: PendingDelivery,
  own: OwnClaim,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { breaker, claims, inFlight } = deps.flow;
  const claim = claims.hold(pending, own.address, own.token);
  const patience = new Patience<AttemptResult>(PATIENCE_MS, (hasBegun) => {
    if (signal.aborted) return { kind: 'held' };
    return hasBegun && !breaker.isOpen() ? { kind: 'to-park' } : undefined;
  });
  const progress: AttemptProgress = {
    begin: () => {
      if (signal.aborted || breaker.isOpen()) return false;
      patience.begin();
      return true;
    },
    beginMessage: () => claim.begun(),
    end: () => {
      claim.end();
      patience.end();
    },
  };
  const sending = attempt(deps, pending, own, progress, signal).then(async (result) => {
    // Nobody waits any more, and the parked copy may come much later: the outcome is published now.
    if (patience.isLeft && result.kind === 'answered') await publishResults(deps, pending, result.table);
    return result;
  });
  return Promise.race([inFlight.track(sending), patience.left]);
}

/** Whether every claimed recipient has its answer, and Kafka knows what follows from it. */
function isDuplicate({ table, claims }: ClaimResult): boolean {
  return table.rows.every((row) => {
    const claim = claims.get(row.address);
    return claim === undefined || (claim.kind === 'done' && row.settled);
  });
}

function attemptsOf(table: LedgerTable, address: string): number {
  return table.rows.find((row) => row.address === address)?.attempts ?? 0;
}

/** The latest of several tables of one event, which differ by the answers recorded in between. */
function latest(tables: readonly LedgerTable[]): LedgerTable {
  const rank = (table: LedgerTable): number =>
    table.sequence * table.rows.length * 2 + table.rows.filter((row) => row.state !== 'open').length;
  return tables.reduce((best, table) => (rank(table) >= rank(best) ? table : best));
}
