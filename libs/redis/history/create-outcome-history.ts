import pMap from 'p-map';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { joinCalls } from '../connection/join-calls.ts';
import { createKeys } from '../keys.ts';
import { createReadLeavings, createReadOwners, ownPast } from './contract-past.ts';
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
  /** How long an outcome is kept after it came, in whole days; 30 by default (V6). */
  readonly keptDays?: number;
  /** How many are kept of one number; the newest 1,000 by default. */
  readonly perNumber?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The Redis that keeps the settings, which know whose a number is; the history's own by default. */
  readonly settings?: RedisConnection;
  /** Show what happened under a number's earlier contracts too: for the operator, never for a subscriber (ADR 0018). */
  readonly everyContract?: boolean;
}

const DAY_S = 86_400;
const READING = 'reading outcomes';
/** So that a full record of outcomes is answered within the time that a command has. */
const AT_ONCE = 256;
/** For the numbers that had an event of one id on one day: about 80. Ids are unique where the switch keeps the contract. */
const INDEXED_BYTES = 1_000;

/**
 * The history in Redis (ADR 0017): a list of packed outcomes for each number, and an index from the event ids of each day
 * to numbers.
 */
export function createOutcomeHistory(
  redis: RedisConnection,
  options: OutcomeHistoryOptions = {},
): OutcomeHistory {
  const { keptDays = 30, now = Date.now } = options;
  const oldest = (): number => seconds(now()) - keptDays * DAY_S;
  const keep = keeper(redis, options);
  const contracts = options.settings ?? redis;
  const [leavings, owners] = [createReadLeavings(contracts), createReadOwners(contracts)];
  const shown = async (items: readonly Outcome[]): Promise<readonly Outcome[]> =>
    options.everyContract ? items : ownPast(owners, items);
  return {
    keep: async (items) => keep(await ownPast(leavings, items)),
    async ofNumber(query) {
      const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
      if (query.cursor !== undefined && !cursor) return undefined;
      const all = await readNumber(redis, query.number, oldest());
      const entries = all.filter((entry) => isAskedFor(entry, query, cursor)).toSorted(newestFirst);
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
          return entries
            .filter((entry) => mayHaveId(entry, eventId))
            .map((entry) => unpackOutcome(number, entry));
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
 * An event is indexed before it is kept, so that what was kept can be found by its id and a repeat is known for one; unless
 * newer events of other numbers had the same id on that day, more than `INDEXED_BYTES` hold.
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
    // The index of another day may know it when it is not the first outcome of its event.
    const mayBeThere = known === 1 || item.sequence > 1 ? 1 : 0;
    const entry = packOutcome(item, at);
    await call('keep', keys.historyOf(item.number), [entry, keptS, perNumber, at - keptS, mayBeThere]);
  };
  return async (items) => {
    await pMap(items, keepOne, { concurrency: AT_ONCE });
  };
}

/** What is kept of a number since `oldest` (epoch seconds); of one event the highest sequence. */
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

/** The numbers that have an event of this id, by the index of each day. */
async function numbersOf(
  { client, keyPrefix }: RedisConnection,
  eventId: string,
  today: number,
  keptDays: number,
): Promise<string[]> {
  const keys = createKeys(keyPrefix);
  const { bucket, field } = placeOf(eventId);
  // One day more at each end: for the rest of the first day, and for a clock that is ahead of ours.
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
