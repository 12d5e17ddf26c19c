import {
  readStoredEvent,
  type Answer,
  type Claim,
  type ClaimResult,
  type LedgerEvent,
  type LedgerRow,
  type LedgerTable,
} from '#delivery';
import { RedisError } from '../connection/redis-error.ts';

type EventName = Pick<LedgerEvent, 'source' | 'id'>;

const ROW_FIELDS = 8;
const CLAIM_FIELDS = 4;

/** An event as script arguments: JSON without what key and rows contain, the deadline, the recipients. */
export function storedEvent(event: LedgerEvent): (string | number)[] {
  const { source: _source, id: _id, recipients, ...kept } = event;
  return [JSON.stringify(kept), event.deadline, ...new Set(recipients)];
}

/** Parses the reply of the claim script. */
export function readClaims(event: LedgerEvent, reply: unknown): ClaimResult {
  if (reply === 1) return allOurs(event);
  const [claims, table] = reply as [unknown[], unknown];
  const found = new Map<string, Claim>();
  for (let at = 0; at < claims.length; at += CLAIM_FIELDS) {
    const [address, kind, number, doubts] = claims.slice(at) as [string, Claim['kind'], number, number];
    found.set(address, readClaim(kind, number, doubts));
  }
  return { table: readTable(event, table), claims: found };
}

/** The result for a new event: every recipient is ours. */
function allOurs(event: LedgerEvent): ClaimResult {
  const recipients = [...new Set(event.recipients)];
  const rows = recipients.map((address): LedgerRow => ({
    address,
    state: 'open',
    attempts: 0,
    response: '',
    settled: false,
  }));
  const claims = recipients.map((address): [string, Claim] => [
    address,
    { kind: 'mine', attempt: 1, doubts: 0 },
  ]);
  return { table: { event: { ...event, recipients }, sequence: 0, rows }, claims: new Map(claims) };
}

function readClaim(kind: Claim['kind'], number: number, doubts: number): Claim {
  switch (kind) {
    case 'mine':
      return { kind, attempt: number, doubts };
    case 'busy':
      return { kind, until: number };
    case 'lapsed':
    case 'done':
      return { kind };
  }
}

/** Parses the reply of `record`: the table, or only its sequence when it has just this row, as recorded. */
export function readRecorded(
  event: LedgerEvent,
  address: string,
  answer: Answer,
  reply: unknown,
): LedgerTable {
  if (typeof reply !== 'number') return readTable(event, reply);
  const row: LedgerRow = { address, settled: false, ...answer };
  return { event: { ...event, recipients: [address] }, sequence: reply, rows: [row] };
}

/** Parses a table: the event's JSON, the sequence, and the rows as a flat list of fields. */
export function readTable({ source, id }: EventName, reply: unknown): LedgerTable {
  const [json, sequence, ...fields] = reply as [string, number, ...(string | number)[]];
  const rows: LedgerRow[] = [];
  for (let at = 0; at < fields.length; at += ROW_FIELDS)
    rows.push(readRow(fields.slice(at, at + ROW_FIELDS)));
  const kept = JSON.parse(json) as object;
  const event = readStoredEvent({ source, id, ...kept, recipients: rows.map(({ address }) => address) });
  if (!event) throw new RedisError('DOCUMENT_BROKEN', 'an entry of the ledger cannot be read');
  return { event, sequence, rows };
}

/** Parses a table, or returns `undefined` when the ledger does not have the event. */
export function readTableIfAny(event: EventName, reply: unknown): LedgerTable | undefined {
  return reply === null || reply === undefined ? undefined : readTable(event, reply);
}

type RowReply = [
  string,
  LedgerRow['state'],
  number,
  string,
  0 | 1,
  number,
  NonNullable<LedgerRow['retryTopic']> | '',
  0 | 1,
];

function readRow(fields: readonly (string | number)[]): LedgerRow {
  const [address, state, attempts, response, settled, notBefore, retryTopic, dead] = fields as RowReply;
  return {
    address,
    state,
    attempts,
    response,
    settled: settled === 1,
    ...(notBefore > 0 ? { notBefore } : {}),
    ...(retryTopic ? { retryTopic } : {}),
    ...(dead === 1 ? { deadLetter: true } : {}),
  };
}
