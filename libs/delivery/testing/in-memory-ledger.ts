import {
  LedgerClaimLost,
  type Answer,
  type Claim,
  type ClaimRequest,
  type ClaimResult,
  type Ledger,
  type LedgerTable,
} from '../ports.ts';
import {
  createEntries,
  endSuperseded,
  isUnanswered,
  rowOf,
  write,
  type Entry,
  type Row,
} from './in-memory-entries.ts';

/** How long claims live, and by which clock (epoch milliseconds); asked anew by each call. */
export interface InMemoryLedgerOptions {
  /** A claim that has sent nothing may be taken by others after this long. */
  readonly leaseMs?: number;
  /** A message that has begun, and whose claim was not renewed for this long, is in doubt. */
  readonly dataTimeoutMs?: number;
  readonly now?: () => number;
}

/**
 * The ledger's rules without Redis: the reference that libs/redis is compared with, and the fake for unit tests.
 * Kept here: a row is held by one token at a time; an answered row is never claimed; `accepted` is never overwritten;
 * doubts and attempts never fall; `sequence` is 0 until each row has an answer and then rises with each change. R4: of
 * a superseded event only a message under way is still unanswered, and it becomes `superseded` unless that answers it.
 */
export function createInMemoryLedger(options: InMemoryLedgerOptions = {}): Ledger {
  const { now = Date.now } = options;
  const leaseMs = (): number => options.leaseMs ?? 10_000;
  const dataTimeoutMs = (): number => options.dataTimeoutMs ?? 60_000;
  const { find, findOrCreate, rowHeldBy, supersedeUnknown } = createEntries();
  return {
    claim: async (request) => claim(findOrCreate(request.event), request, { now: now(), leaseMs: leaseMs() }),
    dataStarted: async (event, address, token) => {
      const entry = find(event);
      const row = rowHeldBy(event, address, token);
      if (row && entry?.isSuperseded === true) endSuperseded(entry, row);
      if (!row?.held) throw new LedgerClaimLost();
      row.held = { token, until: now() + dataTimeoutMs(), data: true };
    },
    renew: async (event, address, token) => {
      const row = rowHeldBy(event, address, token);
      const data = row?.held?.data === true;
      if (row) row.held = { token, until: now() + (data ? dataTimeoutMs() : leaseMs()), data };
      return row !== undefined;
    },
    release: async (event, address, token, doubt) => {
      const row = rowHeldBy(event, address, token);
      if (row) release(findOrCreate(event), row, doubt);
    },
    record: async (event, address, token, answer) => {
      const entry = findOrCreate(event);
      const row = rowOf(entry, address);
      if (mayWrite(row, token, answer, now())) write(entry, row, orSuperseded(entry, answer));
      return tableOf(entry);
    },
    settle: async (table) => settle(find(table.event), table),
    supersede: async (source, id) => {
      const entry = find({ source, id });
      if (!entry) supersedeUnknown({ source, id });
      return entry && supersede(entry, now());
    },
    reopen: async (source, id, deadLetterId) => reopen(find({ source, id }), deadLetterId, now()),
    find: async (source, id) => optionalTable(find({ source, id })),
  };
}

interface Clock {
  readonly now: number;
  readonly leaseMs: number;
}

function claim(entry: Entry, request: ClaimRequest, clock: Clock): ClaimResult {
  const { address } = request;
  const asked = address === undefined ? [...entry.rows.values()] : [rowOf(entry, address)];
  const claims = asked.map((row): [string, Claim] => [
    row.shown.address,
    claimRow(entry, row, request, clock),
  ]);
  return { table: tableOf(entry), claims: new Map(claims) };
}

function claimRow(entry: Entry, row: Row, request: ClaimRequest, { now, leaseMs }: Clock): Claim {
  const { shown, held } = row;
  const isRetry = request.address !== undefined;
  const attempts = (isRetry ? request.attempts : undefined) ?? shown.attempts;
  const isWaiting = shown.state === 'open' || (shown.state === 'deferred' && isRetry);
  if (!isWaiting || attempts < shown.attempts) return { kind: 'done' };
  const isAlive = held !== undefined && now < held.until;
  if (entry.isSuperseded && !isAlive) {
    endSuperseded(entry, row);
    return { kind: 'done' };
  }
  if (isAlive && held.token !== request.token) return { kind: 'busy', until: held.until };
  if (held?.data === true && !isAlive) {
    if (!held.isLapsed) {
      row.held = { ...held, until: now + leaseMs, isLapsed: true };
      return { kind: 'lapsed' };
    }
    row.doubts += 1;
  }
  // A repeated claim must not undo that our own message has begun.
  if (!(isAlive && held.data)) row.held = { token: request.token, until: now + leaseMs, data: false };
  row.shown = { ...shown, attempts };
  return { kind: 'mine', attempt: attempts + 1, doubts: row.doubts };
}

function release(entry: Entry, row: Row, doubt: boolean): void {
  if (doubt) row.doubts += 1;
  row.held = undefined;
  if (entry.isSuperseded && isUnanswered(row.shown)) endSuperseded(entry, row);
}

/** Who may overwrite what: `accepted` always, nobody a final answer, and without the claim only what is newer. */
function mayWrite({ shown, held }: Row, token: string, answer: Answer, now: number): boolean {
  if (shown.state === 'accepted') return false;
  if (answer.state === 'accepted') return true;
  if (!isUnanswered(shown)) return false;
  if (held?.token === token) return true;
  if (held && now < held.until) return false;
  return answer.state === 'deferred' ? answer.attempts > shown.attempts : answer.attempts >= shown.attempts;
}

/** R4: a temporary refusal ends a mail that the recovery's mail covers. */
function orSuperseded({ isSuperseded }: Entry, answer: Answer): Answer {
  const { state, attempts, response } = answer;
  return isSuperseded && state === 'deferred' ? { state: 'superseded', attempts, response } : answer;
}

function settle(entry: Entry | undefined, table: LedgerTable): void {
  for (const { address, state, attempts } of table.rows) {
    const row = entry?.rows.get(address);
    if (!row || state === 'open' || row.shown.state !== state || row.shown.attempts !== attempts) continue;
    row.shown = { ...row.shown, settled: true };
  }
}

function supersede(entry: Entry, now: number): LedgerTable {
  entry.isSuperseded = true;
  for (const row of entry.rows.values()) {
    const isUnderWay = row.held?.data === true && now < row.held.until;
    if (isUnanswered(row.shown) && !isUnderWay) endSuperseded(entry, row);
  }
  return tableOf(entry);
}

function reopen(entry: Entry | undefined, deadLetterId: string, now: number): void {
  if (!entry || entry.isSuperseded) return;
  for (const row of entry.rows.values()) {
    const { address, state, attempts, response, deadLetter } = row.shown;
    const isDead = state === 'in-doubt' || (deadLetter === true && state !== 'accepted');
    const isAlive = row.held !== undefined && now < row.held.until;
    if (!(isDead || state === 'deferred') || isAlive || row.reopenedBy === deadLetterId) continue;
    row.shown = { address, state: 'open', attempts, response, settled: false };
    row.reopenedBy = deadLetterId;
    if (!isDead) continue;
    row.doubts = 0;
    row.held = undefined;
  }
}

function optionalTable(entry: Entry | undefined): LedgerTable | undefined {
  return entry && tableOf(entry);
}

function tableOf({ event, sequence, rows }: Entry): LedgerTable {
  const recipients = [...rows.keys()];
  return { event: { ...event, recipients }, sequence, rows: [...rows.values()].map(({ shown }) => shown) };
}
