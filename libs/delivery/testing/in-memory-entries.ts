import type { Answer, LedgerEvent, LedgerRow } from '../ports.ts';

interface Held {
  readonly token: string;
  readonly until: number;
  /** Whether its message has begun, so that silence means doubt. */
  readonly data: boolean;
  /** Whether somebody found it lapsed: the next to do so takes it. */
  readonly isLapsed?: true;
}

/** A recipient's row, and who holds it. */
export interface Row {
  shown: LedgerRow;
  doubts: number;
  held?: Held | undefined;
  /** The dead letter whose replay opened it last. */
  reopenedBy?: string;
}

/** Rows by address, in the order of the decision. */
export interface Entry {
  readonly event: LedgerEvent;
  sequence: number;
  isSuperseded: boolean;
  readonly rows: Map<string, Row>;
}

/** The entries of the ledger in memory. */
export interface Entries {
  readonly find: (event: EventName) => Entry | undefined;
  readonly findOrCreate: (event: LedgerEvent) => Entry;
  readonly rowHeldBy: (event: EventName, address: string, token: string) => Row | undefined;
  /** Whenever the event becomes known, it is superseded. */
  readonly supersedeUnknown: (event: EventName) => void;
}

/** Nothing is known yet. */
export function createEntries(): Entries {
  const entries = new Map<string, Entry>();
  const superseded = new Set<string>();
  const find = (event: EventName): Entry | undefined => entries.get(keyOf(event));
  return {
    find,
    findOrCreate: (event) => {
      const known = find(event);
      if (known) return known;
      const isSuperseded = superseded.has(keyOf(event));
      const entry: Entry = { event, sequence: 0, isSuperseded, rows: new Map() };
      for (const address of event.recipients) rowOf(entry, address);
      if (isSuperseded) for (const row of entry.rows.values()) endSuperseded(entry, row);
      entries.set(keyOf(event), entry);
      return entry;
    },
    rowHeldBy: (event, address, token) => {
      const row = find(event)?.rows.get(address);
      return row?.held?.token === token ? row : undefined;
    },
    supersedeUnknown: (event) => void superseded.add(keyOf(event)),
  };
}

type EventName = Pick<LedgerEvent, 'source' | 'id'>;

function keyOf({ source, id }: EventName): string {
  return JSON.stringify([source, id]);
}

/** A recipient's row; one that the decision does not name is added, because somebody holds a record of owing it. */
export function rowOf(entry: Entry, address: string): Row {
  const known = entry.rows.get(address);
  const row = known ?? {
    shown: { address, state: 'open', attempts: 0, response: '', settled: false },
    doubts: 0,
  };
  entry.rows.set(address, row);
  return row;
}

/** Whether its mail may still have to be sent. */
export function isUnanswered({ state }: LedgerRow): boolean {
  return state === 'open' || state === 'deferred';
}

/** R4: the recovery's mail covers this row's. */
export function endSuperseded(entry: Entry, row: Row): void {
  write(entry, row, { state: 'superseded', attempts: row.shown.attempts, response: '' });
}

/** Writes an answer, which ends the claim. */
export function write(entry: Entry, row: Row, answer: Answer): void {
  const before = row.shown;
  const attempts = Math.max(before.attempts, answer.attempts);
  row.shown = { ...answer, attempts, address: before.address, settled: false };
  row.held = undefined;
  const isChanged =
    before.state !== answer.state || before.attempts !== attempts || before.response !== answer.response;
  const isComplete = [...entry.rows.values()].every(({ shown }) => shown.state !== 'open');
  if (isChanged && isComplete) entry.sequence += 1;
}
