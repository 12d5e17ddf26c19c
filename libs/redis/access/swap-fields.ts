import type { RedisConnection } from '../connection/connect-redis.ts';
import { defineScript } from '../connection/define-script.ts';

/** A field of a hash as it was read, and as it shall be; null: it is not there. Equal texts leave it alone. */
interface FieldSwap {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Changes fields of a hash, if all of them are as they were read: false when another writer was faster. When they are
 * already as they shall be it counts as written, because a command may be sent twice. So equal texts must mean the
 * same, whoever wrote them. With `keptMs` the hash expires that many milliseconds later.
 */
export type SwapFields = (key: string, swaps: readonly FieldSwap[], keptMs?: number) => Promise<boolean>;

// ARGV: kept ms or '', then of each field its name, the text before or '', the text after or ''.
const SWAP = `
local is_written, is_as_read = true, true
for i = 2, #ARGV, 3 do
  local current = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  if current ~= ARGV[i + 1] then is_as_read = false end
  if ARGV[i + 1] ~= ARGV[i + 2] and current ~= ARGV[i + 2] then is_written = false end
end
if is_written then return 1 end
if not is_as_read then return 0 end
for i = 2, #ARGV, 3 do
  if ARGV[i + 2] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  elseif ARGV[i + 1] ~= ARGV[i + 2] then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2])
  end
end
if ARGV[1] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return 1
`;

/** Creates an atomic compare-and-swap of a hash's fields in Redis. It rejects with a `RedisError`. */
export function createSwapFields(redis: RedisConnection, doing: string): SwapFields {
  const run = defineScript(redis, doing, SWAP);
  return async (key, swaps, keptMs) => {
    const texts = swaps.flatMap(({ field, before, after }) => [field, before ?? '', after ?? '']);
    return (await run(key, keptMs ?? '', ...texts)) === 1;
  };
}
