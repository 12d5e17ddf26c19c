import pMap from 'p-map';
import { loadEnvironment } from '#platform';
import { checkDurability, connectRedis, createSettingsRepository } from '#redis';
import { EMPTY_CALL_NOTICE } from '#rules';
import type { SettingsRepository } from '#settings';

/** The prefix of every Redis key of a chaos run. */
export const REDIS_KEY_PREFIX = 'chaos:';

/** The numbers of a row's stream: one event each, so that a mail's recipient identifies the event. */
export const NUMBERS = 3_000;
const FIVE_FROM = 3_000;
const LINES_FROM = 3_100;
const LAST = 3_200;

function numberAt(index: number): string {
  return `050${String(10_000_000 + index)}`;
}

/** The recipients of a number; every fourth number has two. */
function recipientsAt(index: number): string[] {
  const count = index >= FIVE_FROM && index < LINES_FROM ? 5 : index % 4 === 0 ? 2 : 1;
  return Array.from({ length: count }, (_, place) => `n${index}-${place + 1}@example.jp`);
}

/** A number and the recipients of its mails, which unanswered calls, FAXes and faults cause. */
export interface Subscriber {
  readonly number: string;
  readonly addresses: readonly string[];
}

/** The `index`-th subscriber of the stream. */
export function subscriber(index: number): Subscriber {
  return { number: numberAt(index), addresses: recipientsAt(index) };
}

/** The `index`-th of the hundred subscribers with five recipients. */
export function subscriberWithFive(index: number): Subscriber {
  return subscriber(FIVE_FROM + (index % (LINES_FROM - FIVE_FROM)));
}

/** The `index`-th of the hundred subscribers whose faults start a bulk transfer. */
export function subscriberWithTransfer(index: number): Subscriber {
  return subscriber(LINES_FROM + (index % (LAST - LINES_FROM)));
}

async function write(settings: SettingsRepository, index: number): Promise<void> {
  const { number, addresses } = subscriber(index);
  const recipients = addresses.map((address) => ({ address, enabled: true }));
  await settings.putLine({ lineNumber: number, brand: 'ntt-east', contractor: '', numbers: [number] });
  await settings.putSection(number, 'callNotice', {
    ...EMPTY_CALL_NOTICE,
    enabled: true,
    unansweredOnly: true,
    recipients,
  });
  if (index % 10 === 9) await settings.putSection(number, 'faxNotice', { enabled: true, recipients });
  if (index < LINES_FROM) return;
  const texts = { contractorName: '株式会社みほん', location: '本社' };
  const transfer = { autoStartTransfer: true, autoStopTransfer: true };
  await settings.putFaultNotice(number, { enabled: true, recipients, ...texts, ...transfer });
}

/** Writes the settings of all subscribers; `redisUrl` is in the form of `REDIS_URL`. */
export async function writeSubscribers(redisUrl: string): Promise<void> {
  const redis = connectRedis({
    urls: loadEnvironment(['REDIS_URL'], { REDIS_URL: redisUrl }).REDIS_URL,
    keyPrefix: REDIS_KEY_PREFIX,
    commandTimeoutMs: 30_000,
  });
  await redis.ready(10_000);
  const settings = createSettingsRepository(redis, await checkDurability(redis));
  const all = Array.from({ length: LAST }, (_, index) => index);
  await pMap(all, (index) => write(settings, index), { concurrency: 200 });
  await settings.close();
  await redis.close();
}
