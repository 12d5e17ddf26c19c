import { randomUUID } from 'node:crypto';
import type { TestMailLimits } from '#settings';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { defineScript } from '../connection/define-script.ts';
import { createKeys } from '../keys.ts';

/** How many mails in which window. Default: 5 an hour to an address, 20 a day for a number. */
export interface TestMailLimitOptions {
  readonly perAddress?: { readonly count: number; readonly windowMs: number };
  readonly perNumber?: { readonly count: number; readonly windowMs: number };
}

/*
 * A sliding-window log: the times of the recent mails. No window ever exceeds its limit, while a counter reset every hour
 * would allow twice as many around the reset. ARGV: id, count, window ms. Returns 0, or after how many ms the oldest entry
 * leaves the window. The id makes a repeated command count once.
 */
const TAKE = `
local time = redis.call('TIME')
local now, window = time[1] * 1000 + math.floor(time[2] / 1000), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] + window - now
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], window)
return 0
`;
const GIVE_BACK = `redis.call('ZREM', KEYS[1], ARGV[1])`;

/**
 * The limits in Redis. The two have different keys, in a cluster on different nodes. So the address's limit is taken first,
 * and given back when the number's limit is reached, so that a refused mail does not count.
 */
export function createTestMailLimits(
  redis: RedisConnection,
  options: TestMailLimitOptions = {},
): TestMailLimits {
  const { perAddress = { count: 5, windowMs: 3_600_000 }, perNumber = { count: 20, windowMs: 86_400_000 } } =
    options;
  const keys = createKeys(redis.keyPrefix);
  const take = defineScript(redis, 'counting test mails', TAKE);
  const giveBack = defineScript(redis, 'counting test mails', GIVE_BACK);
  return {
    async take(number, address) {
      const id = randomUUID();
      const addressKey = keys.testMailsToAddress(address);
      const addressWait = Number(await take(addressKey, id, perAddress.count, perAddress.windowMs));
      if (addressWait > 0)
        return { ok: false, limit: 'address', retryAfterSeconds: Math.ceil(addressWait / 1000) };
      const numberKey = keys.testMailsOfNumber(number);
      const numberWait = Number(await take(numberKey, id, perNumber.count, perNumber.windowMs));
      if (numberWait === 0) {
        return {
          ok: true,
          async giveBack() {
            await Promise.all([giveBack(addressKey, id), giveBack(numberKey, id)]);
          },
        };
      }
      await giveBack(addressKey, id);
      return { ok: false, limit: 'number', retryAfterSeconds: Math.ceil(numberWait / 1000) };
    },
  };
}
