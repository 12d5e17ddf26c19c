import type { Backlog } from '#metrics';
import { newVersion } from '../stored-text.ts';
import { answered, type RedisConnection } from './connect-redis.ts';
import { defineScript } from './define-script.ts';

/** What may have something due, each with a mark that is new whenever it is added. */
export interface DueSet<T> {
  readonly key: string;
  add(items: readonly T[]): Promise<void>;
  /** Some of them, in no order; at most 100. */
  some(): Promise<T[]>;
  /** How many there are, and since when the oldest, among 100 of them at most. */
  backlog(): Promise<Backlog>;
  markOf(item: T): Promise<string | null>;
  /** Removes an item, unless it was added again since its mark was read. */
  remove(item: T, mark: string): Promise<void>;
}

/** How items are written: `read` reads what `write` made of one. */
interface ItemForm<T> {
  readonly write: (item: T) => string;
  readonly read: (text: string) => T;
}

const REMOVE = `
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
`;

/** A mark begins with the time when it was made, in milliseconds. */
const newMark = (): string => `${Date.now()}.${newVersion()}`;

/** When a mark was made; nothing of one of an earlier form. */
function timesOf(mark: string): number[] {
  const [, time] = /^(\d+)\./.exec(mark) ?? [];
  return time === undefined ? [] : [Number(time)];
}

/** The items in Redis, under one key. Every method rejects with a `RedisError` that says what was being done. */
export function createDueSet<T>(
  redis: RedisConnection,
  { key, doing }: { readonly key: string; readonly doing: string },
  { write, read }: ItemForm<T>,
): DueSet<T> {
  const { client } = redis;
  const remove = defineScript(redis, doing, REMOVE);
  return {
    key,
    async add(items) {
      const marks = items.flatMap((item) => [write(item), newMark()]);
      if (marks.length > 0) await answered(client, doing, () => client.hset(key, ...marks));
    },
    async some() {
      const texts = await answered(client, doing, () => client.hrandfield(key, 100));
      return (texts as string[]).map(read);
    },
    async backlog() {
      const [count, marked] = await Promise.all([
        answered(client, doing, () => client.hlen(key)),
        answered(client, doing, () => client.hrandfield(key, 100, 'WITHVALUES')),
      ]);
      const times = (marked as string[]).flatMap((mark, index) => (index % 2 === 1 ? timesOf(mark) : []));
      return { count, oldestAt: times.length > 0 ? Math.min(...times) : undefined };
    },
    markOf: (item) => answered(client, doing, () => client.hget(key, write(item))),
    async remove(item, mark) {
      await remove(key, write(item), mark);
    },
  };
}
