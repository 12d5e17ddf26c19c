import type { IdempotencyKeys } from '#settings';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { defineScript } from '../connection/define-script.ts';
import { createKeys } from '../keys.ts';

const KEPT_MS = 24 * 3_600_000;

// The value is '-', or '+' when done, followed by the fingerprint.
const BEGIN = `
local known = redis.call('GET', KEYS[1])
if not known then
  redis.call('SET', KEYS[1], '-' .. ARGV[1], 'PX', ARGV[2])
  return 'first'
end
if string.sub(known, 2) ~= ARGV[1] then return 'other' end
return string.sub(known, 1, 1) == '+' and 'done' or 'repeat'
`;
const FINISH = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SETRANGE', KEYS[1], 0, '+') end`;

/** Idempotency keys in Redis. Rejects with a `RedisError`. */
export function createIdempotencyKeys(redis: RedisConnection): IdempotencyKeys {
  const keys = createKeys(redis.keyPrefix);
  const begin = defineScript(redis, 'remembering an idempotency key', BEGIN);
  const finish = defineScript(redis, 'finishing an idempotency key', FINISH);
  return {
    begin: async (client, key, fingerprint) =>
      (await begin(keys.idempotencyKey(client, key), fingerprint, KEPT_MS)) as
        'first' | 'repeat' | 'done' | 'other',
    async finish(client, key) {
      await finish(keys.idempotencyKey(client, key));
    },
  };
}
