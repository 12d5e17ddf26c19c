import { createPublisher } from '#kafka';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createRegistry, kafkaAccess, programVersion, type EnvironmentWith, type Logger } from '#platform';
import {
  checkDurability,
  connectRedis,
  createIdempotencyKeys,
  createSettingsRepository,
  createTestMailLimits,
} from '#redis';
import { createApp } from './create-app.ts';
import { sendAccessMail } from './mails/send-access-mail.ts';
import type { SettingsParts } from './settings.module.ts';

/** What the settings API cannot work without, besides the defaults. */
export const REQUIRED = ['KAFKA_BROKERS', 'REDIS_URL', 'SEAL_KEYS', 'SETTINGS_API_TOKENS'] as const;
export type SettingsEnvironment = EnvironmentWith<(typeof REQUIRED)[number]>;

/** A settings API at work. */
export interface SettingsApi {
  readonly url: string;
  /** Answers what was asked, then closes the connections. */
  close(): Promise<void>;
}

const REDIS_START_MS = 10_000;
/** Longer than Kafka needs to elect a leader, shorter than a client's patience. */
const KAFKA_ANSWER_MS = 10_000;

/** Starts the settings API. Rejects, saying why, with a Redis that would forget or brands that cannot be read. */
export async function startSettings(environment: SettingsEnvironment, logger: Logger): Promise<SettingsApi> {
  const version = programVersion();
  const { parts, ping, close } = await openParts(environment, logger);
  const app = await createApp({
    parts,
    tokens: environment.SETTINGS_API_TOKENS,
    checks: { redis: () => ping().then(() => undefined) },
    registry: createRegistry({ app: 'settings', version }),
    logger,
    version,
  });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  return {
    url: await app.getUrl(),
    close: async () => {
      await app.close();
      await close();
    },
  };
}

interface OpenParts {
  readonly parts: SettingsParts;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Connects to Redis, without which nothing can be answered; Kafka is connected to with the first mail. */
async function openParts(environment: SettingsEnvironment, logger: Logger): Promise<OpenParts> {
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const redis = connectRedis({
    urls: environment.REDIS_URL,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
  await redis.ready(REDIS_START_MS);
  const repository = createSettingsRepository(redis, await checkDurability(redis));
  const kafka = { ...kafkaAccess(environment), clientId: 'denwa-notify-settings', log: logger };
  const publisher = createPublisher(kafka);
  return {
    parts: {
      repository,
      brands,
      sendAccessMail: sendAccessMail({
        publisher,
        sealKeys: environment.SEAL_KEYS,
        withinMs: KAFKA_ANSWER_MS,
      }),
      testMailLimits: createTestMailLimits(redis),
      idempotencyKeys: createIdempotencyKeys(redis),
      now: Date.now,
    },
    ping: () => redis.ping(),
    close: async () => {
      await publisher.close();
      await repository.close();
      await redis.close();
    },
  };
}
