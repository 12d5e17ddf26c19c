import type { RedisConnection } from '../connection/connect-redis.ts';
import { defineScriptOnMany } from '../connection/define-script.ts';
import { createKeys } from '../keys.ts';

/** A day longer than the history shows (V6). */
const KEPT_MS = 31 * 24 * 3_600_000;

/*
 * KEYS: the number's document, when it left, the faults of the line that it may be the number of, its outbox. ARGV: the
 * text before, the text after or '', kept ms, the outbox before, the outbox after. By Redis's clock, and in the step that
 * takes the document, so that the number's next owner finds the time recorded. Repeated, it does nothing.
 */
const HAND_OVER = `
local current = redis.call('GET', KEYS[1]) or ''
if current == ARGV[2] then return 1 end
if current ~= ARGV[1] then return 0 end
if ARGV[4] ~= ARGV[5] then
  if (redis.call('GET', KEYS[4]) or '') ~= ARGV[4] then return 0 end
  redis.call('SET', KEYS[4], ARGV[5])
end
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
redis.call('SET', KEYS[2], now, 'PX', ARGV[3])
redis.call('DEL', KEYS[3])
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2])
end
return 1
`;

/**
 * Replaces a number's document that was read by another (null: removes it), unless another writer was faster: false.
 * Records when the number left its contract, and removes the faults of the line of that number; with it, what is to be
 * told of the number changes from one text (null: none) to another. Atomic. Rejects with a `RedisError`.
 */
export function createHandOver(
  redis: RedisConnection,
  doing: string,
): (
  number: string,
  before: string,
  after: string | null,
  untold?: { readonly before: string | null; readonly after: string },
) => Promise<boolean> {
  const keys = createKeys(redis.keyPrefix);
  const run = defineScriptOnMany(redis, doing, HAND_OVER);
  return async (number, before, after, untold) => {
    const outbox = keys.untold(`voice-warp:${number}`);
    const touched = [keys.number(number), keys.left(number), keys.faults(number), outbox];
    const texts = [before, after ?? '', KEPT_MS, untold?.before ?? '', untold?.after ?? ''];
    return (await run(touched, texts)) === 1;
  };
}
