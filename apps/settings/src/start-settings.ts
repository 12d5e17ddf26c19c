import type { INestApplication } from '@nestjs/common';
import { OUTCOMES_TOPIC } from '#events';
import { createPublisher, ensureTopics, KafkaBatchStrategy, type KafkaConnection } from '#kafka';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createRegistry, kafkaAccess, programVersion, type EnvironmentWith, type Logger } from '#platform';
import {
  checkDurability,
  connectRedis,
  createIdempotencyKeys,
  createOutcomeHistory,
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

/**
 * Starts the settings API and its history. Rejects, saying why, with a Redis that would forget or brands that cannot be
 * read. `onFatal` is told of topics that cannot hold the promise and of a consumer that died: the process has to end.
 */
export async function startSettings(
  environment: SettingsEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<SettingsApi> {
  const version = programVersion();
  const kafka = { ...kafkaAccess(environment), clientId: 'denwa-notify-settings', log: logger };
  const { parts, ping, close } = await openParts(environment, kafka, logger);
  const historyLane = new KafkaBatchStrategy({
    connection: kafka,
    groupId: `${environment.KAFKA_GROUP_ID}-history`,
    topics: [OUTCOMES_TOPIC],
    onFatal,
  });
  const app = await createApp({
    parts,
    tokens: environment.SETTINGS_API_TOKENS,
    checks: {
      redis: () => ping().then(() => undefined),
      kafka: () => historyLane.ready().reasons.join('; ') || undefined,
    },
    registry: createRegistry({ app: 'settings', version }),
    version,
  });
  app.connectMicroservice({ strategy: historyLane }, { inheritAppConfig: false });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  // Settings are read and written while Kafka is away too: only the history waits for it.
  let closing = false;
  joinHistory(app, kafka, environment.KAFKA_CREATE_TOPICS).catch((error: Error) => {
    if (!closing) onFatal(error);
  });
  return {
    url: await app.getUrl(),
    close: async () => {
      closing = true;
      await app.close();
      await close();
    },
  };
}

async function joinHistory(app: INestApplication, kafka: KafkaConnection, create: boolean): Promise<void> {
  if (create) await ensureTopics(kafka, { create });
  await app.startAllMicroservices();
}

interface OpenParts {
  readonly parts: SettingsParts;
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Connects to Redis, without which nothing can be answered; Kafka is connected to with the first mail. */
async function openParts(
  environment: SettingsEnvironment,
  kafka: KafkaConnection,
  logger: Logger,
): Promise<OpenParts> {
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const redis = connectRedis({
    urls: environment.REDIS_URL,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
  await redis.ready(REDIS_START_MS);
  const repository = createSettingsRepository(redis, await checkDurability(redis));
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
      outcomeHistory: createOutcomeHistory(redis),
      logger,
      now: Date.now,
    },
    ping: () => redis.probe(),
    close: async () => {
      await publisher.close();
      await repository.close();
      await redis.close();
    },
  };
}
