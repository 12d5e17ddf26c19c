import { newVersion } from '../stored-text.ts';
import { answered, type RedisConnection } from './connect-redis.ts';
import { defineScript } from './define-script.ts';

/** What may have something due, each with a mark that is new whenever it is added. */
export interface DueSet<T> {
  readonly key: string;
  add(items: readonly T[]): Promise<void>;
  /** Some of them, in no order; at most 100. */
  some(): Promise<T[]>;
  count(): Promise<number>;
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
      const marks = items.flatMap((item) => [write(item), newVersion()]);
      if (marks.length > 0) await answered(client, doing, () => client.hset(key, ...marks));
    },
    async some() {
      const texts = await answered(client, doing, () => client.hrandfield(key, 100));
      return (texts as string[]).map(read);
    },
    count: () => answered(client, doing, () => client.hlen(key)),
    markOf: (item) => answered(client, doing, () => client.hget(key, write(item))),
    async remove(item, mark) {
      await remove(key, write(item), mark);
    },
  };
}
