import { z } from 'zod';
import { storedReader } from '#rules';
import { createSwapFields } from '../access/swap-fields.ts';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { broken, parseJson } from '../stored-text.ts';

const storedEdit = z.object({
  /** `committed` is for ever: from then on each of the numbers gets what was prepared for it. */
  state: z.enum(['preparing', 'committed']),
  numbers: z.array(z.string()),
  /** When it began, in epoch milliseconds. */
  at: z.number(),
});

/** An edit of many numbers that is under way, or that died. */
export type Edit = Readonly<z.output<typeof storedEdit>>;

/** An edit with the text that it was read from. */
interface ReadEdit {
  readonly text: string;
  readonly edit: Edit;
}

/** The edits that are not over yet. Every method rejects with a `RedisError`. */
export interface EditStore {
  /** Where they are, for waiting until they are on disk. */
  readonly key: string;
  /** `undefined`: it is over, or was given up. */
  read(id: string): Promise<ReadEdit | undefined>;
  all(): Promise<ReadonlyMap<string, ReadEdit>>;
  /** Writes an edit in the place of what was read (null: nothing; null removes it). False: another was faster. */
  swap(id: string, before: string | null, after: Edit | null): Promise<boolean>;
}

const readEdit = storedReader(storedEdit);

/** The edits in Redis: one hash, so that each is decided in one place. */
export function createEditStore(redis: RedisConnection): EditStore {
  const key = createKeys(redis.keyPrefix).edits;
  const swapFields = createSwapFields(redis, 'editing many numbers');
  return {
    key,
    read: async (id) => {
      const text = await answered(redis.client, 'reading edits', () => redis.client.hget(key, id));
      return text === null ? undefined : parseEdit(text);
    },
    all: async () => {
      const texts = await answered(redis.client, 'reading edits', () => redis.client.hgetall(key));
      return new Map(Object.entries(texts).map(([id, text]) => [id, parseEdit(text)]));
    },
    swap: (id, before, after) =>
      swapFields(key, [{ field: id, before, after: after === null ? null : JSON.stringify(after) }]),
  };
}

function parseEdit(text: string): ReadEdit {
  const what = 'an edit of many numbers';
  const edit = readEdit(parseJson(text, what));
  if (!edit) throw broken(what);
  return { text, edit };
}
