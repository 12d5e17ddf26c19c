import { randomUUID } from 'node:crypto';
import type { TestMailLimits } from '#settings';
import type { RedisConnection } from '../connection/connect-redis.ts';
import { createKeys } from '../keys.ts';
import { createSlidingWindow, type WindowLimit } from './create-sliding-window.ts';

/** How many mails in which window. Default: 5 an hour to an address, 20 a day for a number. */
export interface TestMailLimitOptions {
  readonly perAddress?: WindowLimit;
  readonly perNumber?: WindowLimit;
}

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
  const mails = createSlidingWindow(redis, 'counting test mails');
  return {
    async take(number, address) {
      const id = randomUUID();
      const addressKey = keys.testMailsToAddress(address);
      const addressWait = await mails.take(addressKey, id, perAddress);
      if (addressWait > 0)
        return { ok: false, limit: 'address', retryAfterSeconds: Math.ceil(addressWait / 1000) };
      const numberKey = keys.testMailsOfNumber(number);
      const numberWait = await mails.take(numberKey, id, perNumber);
      if (numberWait === 0) {
        return {
          ok: true,
          async giveBack() {
            await Promise.all([mails.giveBack(addressKey, id), mails.giveBack(numberKey, id)]);
          },
        };
      }
      await mails.giveBack(addressKey, id);
      return { ok: false, limit: 'number', retryAfterSeconds: Math.ceil(numberWait / 1000) };
    },
  };
}
