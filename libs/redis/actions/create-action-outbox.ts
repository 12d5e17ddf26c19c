import type { Backlog } from '#metrics';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { defineScript } from '../connection/define-script.ts';
import { createKeys } from '../keys.ts';

/**
 * Records of what operators do, as texts, until Kafka has them. A text becomes due at a time; whoever takes it has it for
 * a while, then it is due again. Rejects with a `RedisError`.
 */
export interface ActionOutbox {
  /** Adds a text that is due after `delayMs`; resolves with false when there are `limit` already. */
  add(text: string, options: { readonly delayMs: number; readonly limit: number }): Promise<boolean>;
  /** Puts another text, due now, in the place of one, which may be gone. */
  replace(before: string, after: string): Promise<void>;
  /** Takes some of the texts that are due, and keeps others from taking them for `holdMs`. */
  take(holdMs: number): Promise<readonly string[]>;
  /** Removes texts that Kafka has. One that was replaced meanwhile is another text, and stays. */
  remove(texts: readonly string[]): Promise<void>;
  /** How many texts there are, due or not, and when what the oldest tells of began, among 100 of them at most. */
  backlog(): Promise<Backlog>;
}

/** How many are published at once. */
const AT_ONCE = 500;

// A sorted set: the score is when a text is due, by the clock of Redis in milliseconds.
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;
const ADD = `${NOW}
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return 1
`;
const REPLACE = `${NOW}
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[2])
`;
const TAKE = `${NOW}
local texts = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2])
for _, text in ipairs(texts) do redis.call('ZADD', KEYS[1], now + ARGV[1], text) end
return texts
`;
const REMOVE = `
for _, text in ipairs(ARGV) do redis.call('ZREM', KEYS[1], text) end
`;

const DOING = 'recording what an operator does';

/** When what a text tells of began: taking it moves its score. Nothing of a text that does not say. */
function timesOf(text: string): number[] {
  // Within a value its quotes would be escaped.
  const [, time] = /"at":(\d+)/.exec(text) ?? [];
  return time === undefined ? [] : [Number(time)];
}

/** The outbox of records of what operators do (ADR 0033), in Redis. */
export function createActionOutbox(redis: RedisConnection): ActionOutbox {
  const { client } = redis;
  const key = createKeys(redis.keyPrefix).operatorActions;
  const script = (lua: string): ReturnType<typeof defineScript> => defineScript(redis, DOING, lua);
  const [add, replace, take, remove] = [script(ADD), script(REPLACE), script(TAKE), script(REMOVE)];
  return {
    add: async (text, { delayMs, limit }) => (await add(key, text, delayMs, limit)) === 1,
    async replace(before, after) {
      await replace(key, before, after);
    },
    take: async (holdMs) => (await take(key, holdMs, AT_ONCE)) as string[],
    async remove(texts) {
      await remove(key, ...texts);
    },
    async backlog() {
      const [count, texts] = await Promise.all([
        answered(client, DOING, () => client.zcard(key)),
        answered(client, DOING, () => client.zrandmember(key, 100)),
      ]);
      const times = (texts as string[]).flatMap(timesOf);
      return { count, oldestAt: times.length > 0 ? Math.min(...times) : undefined };
    },
  };
}
