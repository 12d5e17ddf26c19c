import { createOutcomeHistory, createSettingsRepository, type Outcome } from '#redis';
import type { CallNotice } from '#rules';
import { japanTime } from '#events';
import pMap from 'p-map';
import { openBenchRedis, type BenchServers } from './bench-servers.ts';
import { benchNumber } from './call-load.ts';
import { seedLines } from './prepare.ts';
import { numbersFrom, seedAdministrators } from './site-subscribers.ts';

/** How many numbers the line has (C14). */
export const MANY = 1_000;
/** Above the numbers of all other scenarios. */
export const MANY_LINE: string = benchNumber(60_000_000);
const OUTCOMES = 1_000;
const DAY_MS = 86_400_000;
const DAYS = 30;

/**
 * Writes a line of 1,000 numbers: each has a call notice as full as it may be and a destination, and the first one 1,000
 * outcomes in 30 days. Its administrator logs in as the others of the bench do.
 */
export async function seedManyNumbers(servers: BenchServers): Promise<void> {
  const numbers = numbersFrom(MANY_LINE, MANY);
  await seedLines(servers, [numbers]);
  await seedAdministrators(servers, [MANY_LINE]);
  const redis = await openBenchRedis(servers);
  const settings = createSettingsRepository(redis, { canAwaitDisk: false });
  await pMap(numbers, (number) => settings.putSection(number, 'callNotice', fullNotice(number)), {
    concurrency: 200,
  });
  const destinations = Object.fromEntries(
    numbers.map((number, index) => [number, `0${312_345_678 + index}`]),
  );
  await settings.putBulkTransfer(MANY_LINE, { enabled: true, destinations });
  await settings.close();
  const begun = Date.now() - (DAYS - 1) * DAY_MS;
  const eachMs = ((DAYS - 1) * DAY_MS) / OUTCOMES;
  let now = begun;
  const history = createOutcomeHistory(redis, { now: () => now });
  for (let index = 0; index < OUTCOMES; index += 1) {
    now = begun + index * eachMs;
    await history.keep([outcome(index, now)]);
  }
  await redis.close();
}

/** Five recipients and thirty callers, as many as a brand's usual limits allow. */
function fullNotice(number: string): CallNotice {
  return {
    enabled: true,
    targetCallersOnly: true,
    unansweredOnly: true,
    recipients: Array.from({ length: 5 }, (_, index) => ({
      address: `user.${number}.${index}@example.jp`,
      enabled: true,
    })),
    targetCallers: Array.from({ length: 30 }, (_, index) => ({
      number: `0901234${5_000 + index}`,
      enabled: true,
    })),
  };
}

/** Two calls in three become a mail to two recipients. */
function outcome(index: number, at: number): Outcome {
  const isMail = index % 3 !== 0;
  const recipients = ['a', 'b'].map((name) => ({
    address: `user.${name}@example.jp`,
    state: 'accepted',
    attempts: 1,
    response: `250 2.0.0 Ok: queued as ${index}`,
  }));
  return {
    eventSource: '/switch/1',
    eventId: `many-${index}`,
    sequence: 1,
    kind: 'call',
    number: MANY_LINE,
    lineNumber: MANY_LINE,
    at: japanTime(at),
    reason: isMail ? 'notify' : 'answered',
    recipients: isMail ? recipients : [],
  };
}
