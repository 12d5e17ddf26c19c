import pMap from 'p-map';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import { createKeys } from '../keys.ts';
import {
  createReadContractEnds,
  createReadOwners,
  ofCurrentContract,
  type ReadOwners,
} from './current-contract.ts';
import { cursorOf, isAfter, readCursor, type Entry } from './history-cursor.ts';
import { HISTORY } from './history-scripts.ts';
import type { Outcome, OutcomeHistory, OutcomeQuery } from './outcome-history.ts';
import {
  mayHaveId,
  packOutcome,
  placeOf,
  readHead,
  unpackOutcome,
  type PackedOutcome,
} from './pack-outcome.ts';

export interface OutcomeHistoryOptions {
  /** How long outcomes are kept, in whole days. Default: 30 (V6). */
  readonly keptDays?: number;
  /** How many outcomes are kept of a number, the newest. Default: 1,000. */
  readonly perNumber?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The Redis with the settings, which say who has a number. Default: the history's own. */
  readonly settings?: RedisConnection;
  /** Include outcomes of a number's earlier contracts: for the operator, never for a subscriber (ADR 0018). */
  readonly everyContract?: boolean;
}

const DAY_S = 86_400;
const READING = 'reading outcomes';
/** Limits concurrency so that a full record of outcomes stays within the command time-out. */
const AT_ONCE = 256;
/** Room for about 80 numbers with the same event id on one day. Ids are unique if the switch keeps the contract. */
const INDEXED_BYTES = 1_000;

/**
 * The outcome history in Redis (ADR 0017): a list of packed outcomes for each number, and a daily index from event ids to
 * numbers.
 */
export function createOutcomeHistory(
  redis: RedisConnection,
  options: OutcomeHistoryOptions = {},
): OutcomeHistory {
  const { keptDays = 30, now = Date.now } = options;
  const oldest = (): number => seconds(now()) - keptDays * DAY_S;
  const keep = keeper(redis, options);
  const contracts = options.settings ?? redis;
  const [contractEnds, owners] = [createReadContractEnds(contracts), createReadOwners(contracts)];
  const shown = async (items: readonly Outcome[]): Promise<readonly Outcome[]> =>
    options.everyContract ? items : ofCurrentContract(owners, items);
  return {
    keep: async (items) => keep(await ofCurrentContract(contractEnds, items)),
    async ofNumber(query) {
      const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
      if (query.cursor !== undefined && !cursor) return undefined;
      const all = await readNumber(redis, query.number, oldest());
      const since = options.everyContract ? 0 : await contractBegan(contractEnds, query.number);
      const asked = { ...query, from: Math.max(query.from ?? 0, since) };
      const entries = all.filter((entry) => isAskedFor(entry, asked, cursor)).toSorted(newestFirst);
      const page = entries.slice(0, query.limit);
      const items = page.map((entry) => unpackOutcome(query.number, entry));
      const last = entries.length > query.limit ? page.at(-1) : undefined;
      return { items: await shown(items), nextCursor: last ? cursorOf(listed(last)) : null };
    },
    async ofEvent(eventId, eventSource) {
      const numbers = await numbersOf(redis, eventId, Math.floor(now() / 1000 / DAY_S), keptDays);
      const found = await Promise.all(
        numbers.map(async (number) => {
          const entries = await readNumber(redis, number, oldest());
          return entries.filter((one) => mayHaveId(one, eventId)).map((one) => unpackOutcome(number, one));
        }),
      );
      const asked = found
        .flat()
        .filter((item) => item.eventId === eventId && item.eventSource === (eventSource ?? item.eventSource));
      return shown(asked);
    },
  };
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

/**
 * An event is indexed before its outcome is stored, so that every stored outcome can be found by event id and repeats are
 * recognised. The exception: an id shared by more numbers on one day than fit into `INDEXED_BYTES`.
 */
function keeper(
  redis: RedisConnection,
  { keptDays = 30, perNumber = 1_000, now = Date.now }: OutcomeHistoryOptions,
): OutcomeHistory['keep'] {
  const keys = createKeys(redis.keyPrefix);
  const call = joinCalls(redis, 'keeping an outcome', HISTORY);
  const keptS = keptDays * DAY_S;
  const keepOne = async (item: Outcome): Promise<void> => {
    const at = seconds(now());
    const { bucket, field } = placeOf(item.eventId);
    const day = keys.historyEvents(Math.floor(at / DAY_S), bucket);
    const known = await call('index', day, [field, item.number, keptS + DAY_S, INDEXED_BYTES]);
    // A later outcome of an event may have been indexed on another day.
    const mayBeThere = known === 1 || item.sequence > 1 ? 1 : 0;
    const entry = packOutcome(item, at);
    await call('keep', keys.historyOf(item.number), [entry, keptS, perNumber, at - keptS, mayBeThere]);
  };
  return async (items) => {
    await pMap(items, keepOne, { concurrency: AT_ONCE });
  };
}

/** The outcomes of a number since `oldest` (epoch seconds); of each event the one with the highest sequence. */
async function readNumber(redis: RedisConnection, number: string, oldest: number): Promise<PackedOutcome[]> {
  const key = createKeys(redis.keyPrefix).historyOf(number);
  const stored = await answered(redis.client, READING, () => redis.client.lrangeBuffer(key, 0, -1));
  const latest = new Map<string, PackedOutcome>();
  for (const entry of stored.map(readHead)) {
    if (entry.keptAt >= oldest && entry.sequence > (latest.get(entry.event)?.sequence ?? 0))
      latest.set(entry.event, entry);
  }
  return [...latest.values()];
}

/** V6: what is older is not even counted for a page, whose cursor would tell that an earlier contract had outcomes. */
async function contractBegan(read: ReadOwners, number: string): Promise<number> {
  const [owner] = await read([number]);
  return owner?.leftAt ?? 0;
}

/** Looks up the numbers with an event of this id in the index of every day. */
async function numbersOf(
  { client, keyPrefix }: RedisConnection,
  eventId: string,
  today: number,
  keptDays: number,
): Promise<string[]> {
  const keys = createKeys(keyPrefix);
  const { bucket, field } = placeOf(eventId);
  // One day more at either end: for the rest of the first day, and for a clock ahead of ours.
  const days = Array.from({ length: keptDays + 2 }, (_, index) => today + 1 - index);
  const found = await Promise.all(
    days.map((day) => answered(client, READING, () => client.hget(keys.historyEvents(day, bucket), field))),
  );
  return [...new Set(found.flatMap((numbers) => numbers?.split(',') ?? []))];
}

const listed = ({ at, event }: PackedOutcome): Entry => ({ at, member: event });

function isAskedFor(entry: PackedOutcome, { from, to }: OutcomeQuery, cursor: Entry | undefined): boolean {
  if (entry.at < (from ?? -Infinity) || entry.at > (to ?? Infinity)) return false;
  return !cursor || isAfter(listed(entry), cursor);
}

const newestFirst = (one: PackedOutcome, other: PackedOutcome): number =>
  isAfter(listed(other), listed(one)) ? -1 : 1;
