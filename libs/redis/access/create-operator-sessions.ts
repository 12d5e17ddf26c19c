import { IDLE_MS, type OperatorSessions } from '#access';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';

/** The sessions of operators in Redis, under `operator:{hash}`. Rejects with a `RedisError`. */
export function createOperatorSessions({ client, keyPrefix }: RedisConnection): OperatorSessions {
  const keys = createKeys(keyPrefix);
  return {
    start: async (hash, text) => {
      await answered(client, 'beginning an operator session', () =>
        client.set(keys.operator(hash), text, 'PX', IDLE_MS),
      );
    },
    read: async (hash) =>
      (await answered(client, 'reading an operator session', () =>
        client.getex(keys.operator(hash), 'PX', IDLE_MS),
      )) ?? undefined,
    end: async (hash) => {
      await answered(client, 'ending an operator session', () => client.del(keys.operator(hash)));
    },
  };
}
