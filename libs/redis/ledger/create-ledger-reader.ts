import type { LedgerRow, LedgerTable } from '#delivery';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import { createKeys } from '../keys.ts';
import { readTable } from './ledger-replies.ts';
import { LEDGER_CALLS } from './ledger-scripts.ts';

/** A row with details for people. Times are epoch milliseconds by Redis's clock. */
export interface ReadRow extends LedgerRow {
  /** When its claim expires unless renewed. Absent without a claim. */
  readonly claimedUntil?: number;
  /** When its last answer was recorded. Absent while it is claimed, and when an earlier version recorded it. */
  readonly answeredAt?: number;
}

/** An event's table as it is now. */
export interface ReadTable extends LedgerTable {
  readonly rows: readonly ReadRow[];
}

const FIELDS = 2;

/* Returns { table, times }: for each row when its claim expires and when it was answered, or 0. */
const READ = `
function calls.read()
  if not load() then return end
  local times = {}
  for _, row in ipairs(entry[ROWS]) do
    local is_claimed = row[TOKEN] ~= ''
    times[#times + 1] = is_claimed and now < row[UNTIL] and row[UNTIL] or 0
    times[#times + 1] = is_claimed and 0 or row[UNTIL]
  end
  return { show(), times }
end
`;

/** Reads the ledger without changing it. Resolves to `undefined` for an unknown or expired event; rejects with a `RedisError`. */
export function createLedgerReader(
  redis: RedisConnection,
): (source: string, id: string) => Promise<ReadTable | undefined> {
  const { event: keyOf } = createKeys(redis.keyPrefix);
  const call = joinCalls(redis, 'reading the ledger', LEDGER_CALLS + READ);
  return async (source, id) => {
    const reply = (await call('read', keyOf(source, id))) as [unknown, number[]] | null;
    if (reply === null) return undefined;
    const [shown, times] = reply;
    const table = readTable({ source, id }, shown);
    return { ...table, rows: table.rows.map((row, index) => readRow(row, times.slice(index * FIELDS))) };
  };
}

function readRow(row: LedgerRow, [claimedUntil = 0, answeredAt = 0]: readonly number[]): ReadRow {
  return {
    ...row,
    ...(claimedUntil > 0 ? { claimedUntil } : {}),
    ...(answeredAt > 0 && row.state !== 'open' ? { answeredAt } : {}),
  };
}
