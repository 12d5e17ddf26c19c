import pMap from 'p-map';
import { parseRfc3339 } from '#events';
import { answered, type RedisConnection } from '../connect-redis.ts';
import { defineScript } from '../define-script.ts';
import { createKeys } from '../keys.ts';
import { cursorOf, isAfter, readCursor, type Entry } from './history-cursor.ts';
import type { Outcome, OutcomeHistory, OutcomeQuery } from './outcome-history.ts';

export interface OutcomeHistoryOptions {
  /** How long an outcome is kept after it came, in milliseconds; 3 days by default. */
  readonly keptMs?: number;
  /** How many are kept of one number; the newest 1,000 by default. */
  readonly perNumber?: number;
}

const DAY_MS = 86_400_000;
const READING = 'reading outcomes';
/** So that a full record of outcomes is answered within the time that a command has. */
const AT_ONCE = 100;

/*
 * All outcomes of one event id: by source, its sequence, a space, and the item. ARGV: source, sequence, item, kept ms.
 * A higher sequence counts, in whatever order they come.
 */
const KEEP = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and tonumber(string.match(known, '^%d+')) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`;

/* The events of one number by their time. ARGV: time, event, kept ms, how many. */
const LIST = `
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
`;

/** The history in Redis. */
export function createOutcomeHistory(
  redis: RedisConnection,
  options: OutcomeHistoryOptions = {},
): OutcomeHistory {
  const keys = createKeys(redis.keyPrefix);
  return {
    keep: keeper(redis, options),
    async ofNumber(query) {
      const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor);
      if (query.cursor !== undefined && !cursor) return undefined;
      const entries = await entriesAfter(redis, keys.outcomesOf(query.number), query, cursor);
      const page = entries.slice(0, query.limit);
      const items = await Promise.all(
        page.map(({ member }) => readListed(redis, (eventId) => keys.outcome(eventId), member)),
      );
      const last = entries.length > query.limit ? page.at(-1) : undefined;
      return { items: items.filter((item) => item !== undefined), nextCursor: last ? cursorOf(last) : null };
    },
    async ofEvent(eventId, eventSource) {
      const key = keys.outcome(eventId);
      if (eventSource !== undefined) {
        const item = await readOutcome(redis, key, eventSource);
        return item ? [item] : [];
      }
      return (await answered(redis.client, READING, () => redis.client.hvals(key))).map(parse);
    },
  };
}

/** An event is kept before it is listed, so that what is listed can be read. */
function keeper(
  redis: RedisConnection,
  { keptMs = 3 * DAY_MS, perNumber = 1_000 }: OutcomeHistoryOptions,
): OutcomeHistory['keep'] {
  const keys = createKeys(redis.keyPrefix);
  const keep = defineScript(redis, 'keeping an outcome', KEEP);
  const list = defineScript(redis, 'listing an outcome', LIST);
  const keepOne = async (item: Outcome): Promise<void> => {
    const { eventId, eventSource, number, sequence, at } = item;
    await keep(keys.outcome(eventId), eventSource, sequence, JSON.stringify(item), keptMs);
    const member = JSON.stringify([eventId, eventSource]);
    // An outcome whose time cannot be read is the oldest; refusing it would hold up all behind it.
    await list(keys.outcomesOf(number), parseRfc3339(at) ?? 0, member, keptMs, perNumber);
  };
  return async (items) => {
    await pMap(items, keepOne, { concurrency: AT_ONCE });
  };
}

/** The entries of a number after the cursor, newest first: one more than the page holds, when there is one. */
async function entriesAfter(
  { client }: RedisConnection,
  key: string,
  { from, to, limit }: OutcomeQuery,
  cursor: Entry | undefined,
): Promise<Entry[]> {
  const max = Math.min(to ?? Infinity, cursor?.at ?? Infinity);
  const most = max === Infinity ? '+inf' : String(max);
  const least = from === undefined ? '-inf' : String(from);
  const entries: Entry[] = [];
  for (let offset = 0; ; offset += limit + 1) {
    const reply = await answered(client, READING, () =>
      client.zrevrangebyscore(key, most, least, 'WITHSCORES', 'LIMIT', offset, limit + 1),
    );
    const batch = pairs(reply);
    entries.push(...batch.filter((entry) => !cursor || isAfter(entry, cursor)));
    // Events of the cursor's own millisecond that the pages before showed can fill a batch.
    if (entries.length > limit || batch.length <= limit) return entries;
  }
}

function pairs(reply: readonly string[]): Entry[] {
  return reply.flatMap((member, index) =>
    index % 2 === 0 ? [{ member, at: Number(reply[index + 1]) }] : [],
  );
}

/** An event that was listed can have expired since. */
function readListed(
  redis: RedisConnection,
  keyOf: (eventId: string) => string,
  member: string,
): Promise<Outcome | undefined> {
  const [eventId, eventSource] = JSON.parse(member) as [string, string];
  return readOutcome(redis, keyOf(eventId), eventSource);
}

async function readOutcome(
  { client }: RedisConnection,
  key: string,
  source: string,
): Promise<Outcome | undefined> {
  const text = await answered(client, READING, () => client.hget(key, source));
  return text === null ? undefined : parse(text);
}

const parse = (text: string): Outcome => JSON.parse(text.slice(text.indexOf(' ') + 1)) as Outcome;
