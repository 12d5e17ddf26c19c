import type { IdempotencyKeys } from '#settings';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { defineScript, defineScriptOnMany } from '../connection/define-script.ts';
import { createKeys } from '../keys.ts';

const KEPT_MS = 24 * 3_600_000;

// The value is '-', or '+' when done, followed by the fingerprint. Beside it, so that earlier versions can read it, the
// mark of the secret by the key that sealed first then.
const BEGIN = `
local known = redis.call('GET', KEYS[1])
if not known then
  redis.call('SET', KEYS[1], '-' .. ARGV[1], 'PX', ARGV[2])
  if ARGV[3] then redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2]) end
  return 'first'
end
if string.sub(known, 2) ~= ARGV[1] then return 'other' end
local secret = redis.call('GET', KEYS[2])
local same = not secret
for index = 3, #ARGV do same = same or ARGV[index] == secret end
if not same then return 'other' end
return string.sub(known, 1, 1) == '+' and 'done' or 'repeat'
`;
const FINISH = `if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('SETRANGE', KEYS[1], 0, '+') end`;

/** Idempotency keys in Redis. Rejects with a `RedisError`. */
export function createIdempotencyKeys(redis: RedisConnection): IdempotencyKeys {
  const keys = createKeys(redis.keyPrefix);
  const begin = defineScriptOnMany(redis, 'remembering an idempotency key', BEGIN);
  const finish = defineScript(redis, 'finishing an idempotency key', FINISH);
  return {
    begin: async (client, key, { fingerprint, secret }) => {
      const at = keys.idempotencyKey(client, key);
      const seen = await begin([at, `${at}:secret`], [fingerprint, KEPT_MS, ...secret]);
      return seen as 'first' | 'repeat' | 'done' | 'other';
    },
    async finish(client, key) {
      await finish(keys.idempotencyKey(client, key));
    },
  };
}
