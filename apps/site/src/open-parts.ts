import { createPasswordHasher, policyOfBrand, type AccessDeps } from '#access';
import { openFaxDocuments } from '#fax-documents';
import { createPublisher, type KafkaConnection } from '#kafka';
import type { Brands } from '#mail';
import type { Logger } from '#platform';
import {
  checkDurability,
  connectRedis,
  createAccessStore,
  createOutcomeHistory,
  createReceivedFaxes,
  createSettingsRepository,
  createSourceLimit,
  createTestMailLimits,
  createUploads,
  type RedisConnection,
} from '#redis';
import { accessMailSender, ipPhoneCommandSender, publishAccessMail, type TellDeps } from '#settings';
import type { SiteEnvironment } from './site-environment.ts';
import type { PageParts } from './site.module.ts';

/** What stands behind the pages, and how to let go of it. */
export interface OpenParts {
  readonly parts: Omit<PageParts, 'brands' | 'logger'>;
  /** What the switch is told by (V5). */
  readonly telling: TellDeps;
  readonly close: () => Promise<void>;
}

/** What the parts are made with. */
interface Surroundings {
  readonly redis: RedisConnection;
  readonly kafka: KafkaConnection;
  readonly brands: Brands;
  readonly logger: Logger;
}

/** Longer than Kafka needs to elect a leader, shorter than a visitor's patience. */
const KAFKA_ANSWER_MS = 10_000;
const SOURCE_WINDOW_MS = 15 * 60_000;

/** Opens what the pages need; Kafka is connected to with the first mail. */
export function openParts(
  environment: SiteEnvironment,
  { redis, kafka, brands, logger }: Surroundings,
): OpenParts {
  const durability = (): ReturnType<typeof checkDurability> => checkDurability(redis);
  const repository = createSettingsRepository(redis, durability);
  const store = createAccessStore(redis, durability);
  const past = openPast(environment, redis, logger);
  const publisher = createPublisher(kafka);
  const { SITE_URL, SEAL_KEYS, LOGIN_WAITS, LOGIN_TRIES_PER_SOURCE: count } = environment;
  const publish = publishAccessMail({ publisher, sealKeys: SEAL_KEYS, withinMs: KAFKA_ANSWER_MS });
  const now = Date.now;
  return {
    parts: {
      access: {
        store,
        lines: repository,
        hasher: createPasswordHasher(),
        sources: createSourceLimit(redis, { count, windowMs: SOURCE_WINDOW_MS }),
        sendMail: accessMailSender(publish, now),
        sendCommand: ipPhoneCommandSender({ publisher, withinMs: KAFKA_ANSWER_MS }, now),
        ...ofBrands(brands, SITE_URL),
        sealKeys: SEAL_KEYS,
        waits: LOGIN_WAITS,
        now,
      },
      settings: { repository, brands },
      testMails: { repository, limits: createTestMailLimits(redis), publish, now },
      uploads: createUploads(redis, SEAL_KEYS),
      ...past.parts,
    },
    telling: { outbox: repository.outbox, publisher, now },
    close: async () => {
      await publisher.close();
      await store.close();
      await repository.close();
      await past.close();
    },
  };
}

function ofBrands(brands: Brands, siteUrl: string | undefined): Pick<AccessDeps, 'policyOf' | 'siteOf'> {
  return {
    policyOf: (brand) => policyOfBrand(brands.get(brand)?.password),
    siteOf: (brand) => siteUrl ?? brands.get(brand)?.site.url ?? '',
  };
}

/** What happened to numbers: the history, and the FAXes that they received. */
function openPast(
  environment: SiteEnvironment,
  settings: RedisConnection,
  logger: Logger,
): { readonly parts: Pick<PageParts, 'history' | 'faxes'>; readonly close: () => Promise<void> } {
  const own = openHistoryRedis(environment, logger);
  const redis = own ?? settings;
  const documents = openFaxDocuments(environment);
  return {
    parts: {
      history: createOutcomeHistory(redis, { settings }),
      faxes: { index: createReceivedFaxes(redis, { settings }), ...(documents && { documents }) },
    },
    close: async () => own?.close(),
  };
}

/** The history's own Redis, where it has one. */
function openHistoryRedis(
  { HISTORY_REDIS_URL, REDIS_KEY_PREFIX }: SiteEnvironment,
  logger: Logger,
): RedisConnection | undefined {
  return (
    HISTORY_REDIS_URL &&
    connectRedis({
      urls: HISTORY_REDIS_URL,
      keyPrefix: REDIS_KEY_PREFIX,
      variable: 'HISTORY_REDIS_URL',
      onError: (error) =>
        logger.warn({ reason: error.message }, "The connection to the history's Redis failed"),
    })
  );
}
