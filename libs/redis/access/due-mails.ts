import type { Place } from '#access';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { defineScript } from '../connection/define-script.ts';
import { createKeys } from '../keys.ts';
import { newVersion } from '../stored-text.ts';
import { placeFrom } from './access-fields.ts';

/** The places of accounts that may have mails due, each with a mark that is new whenever it is added. */
export interface DueMails {
  readonly key: string;
  add(places: readonly Place[]): Promise<void>;
  /** Some of them, in no order; at most 100. */
  some(): Promise<Place[]>;
  markOf(place: Place): Promise<string | null>;
  /** Removes a place, unless it was added again since its mark was read. */
  remove(place: Place, mark: string): Promise<void>;
}

const DOING = 'noting mails about access';

const REMOVE = `
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end
`;

/** The places in Redis. Every method rejects with a `RedisError`. */
export function createDueMails(redis: RedisConnection): DueMails {
  const { client } = redis;
  const key = createKeys(redis.keyPrefix).accessDue;
  const remove = defineScript(redis, DOING, REMOVE);
  return {
    key,
    async add(places) {
      const marks = places.flatMap((place) => [fieldOf(place), newVersion()]);
      if (marks.length > 0) await answered(client, DOING, () => client.hset(key, ...marks));
    },
    async some() {
      const fields = await answered(client, DOING, () => client.hrandfield(key, 100));
      return (fields as string[]).map(placeFrom);
    },
    markOf: (place) => answered(client, DOING, () => client.hget(key, fieldOf(place))),
    async remove(place, mark) {
      await remove(key, fieldOf(place), mark);
    },
  };
}

const fieldOf = ({ group, name }: Place): string => JSON.stringify({ group, name });
