import type { Registry } from 'prom-client';
import {
  collectHasherLoad,
  createPasswordHasher,
  MESSAGES_DUE,
  policyOfBrand,
  type AccessDeps,
} from '#access';
import { openFaxDocuments } from '#fax-documents';
import { createPublisher, createRequestPublisher, type KafkaConnection } from '#kafka';
import type { Brands } from '#mail';
import { collectBacklog } from '#metrics';
import type { Logger } from '#platform';
import {
  collectRedisMetrics,
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
import {
  accessMailSender,
  ipPhoneCommandSender,
  publishAccessMail,
  SWITCH_UNTOLD,
  type TellDeps,
} from '#settings';
import { createSiteMetrics, type SiteMetrics } from './site-metrics.ts';
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
  readonly registry: Registry;
  readonly logger: Logger;
}

const SOURCE_WINDOW_MS = 15 * 60_000;

/** Opens what the pages need; Kafka is connected to with the first mail. */
export function openParts(
  environment: SiteEnvironment,
  { redis, kafka, brands, registry, logger }: Surroundings,
): OpenParts {
  const repository = createSettingsRepository(redis);
  const store = createAccessStore(redis);
  const past = openPast(environment, redis, logger);
  const publisher = createPublisher(kafka);
  const hasher = createPasswordHasher();
  const metrics = measure(registry, { redis, hasher, store, outbox: repository.outbox });
  const { SITE_URL, SEAL_KEYS, LOGIN_WAITS, LOGIN_TRIES_PER_SOURCE: count } = environment;
  const forRequests = createRequestPublisher(publisher);
  const publish = publishAccessMail({ publisher: forRequests, sealKeys: SEAL_KEYS });
  return {
    parts: {
      access: {
        store,
        lines: repository,
        hasher,
        sources: createSourceLimit(redis, { count, windowMs: SOURCE_WINDOW_MS }),
        sendMail: accessMailSender(publish, Date.now),
        sendCommand: ipPhoneCommandSender(forRequests, Date.now),
        ...ofBrands(brands, SITE_URL),
        sealKeys: SEAL_KEYS,
        waits: LOGIN_WAITS,
        lockedOut: metrics.lockedOut,
        now: Date.now,
      },
      metrics,
      settings: { repository, brands },
      testMails: { repository, limits: createTestMailLimits(redis), publish, now: Date.now },
      uploads: createUploads(redis, SEAL_KEYS),
      ...past.parts,
    },
    telling: { outbox: repository.outbox, publisher, now: Date.now },
    close: async () => {
      for (const open of [publisher, store, repository, past]) await open.close();
    },
  };
}

/** What its metrics are asked of at each scrape. */
interface Measured {
  readonly redis: RedisConnection;
  readonly hasher: ReturnType<typeof createPasswordHasher>;
  readonly store: ReturnType<typeof createAccessStore>;
  readonly outbox: TellDeps['outbox'];
}

/** Registers what is asked anew at each scrape; returns what the pages count. */
function measure(registry: Registry, { redis, hasher, store, outbox }: Measured): SiteMetrics {
  collectRedisMetrics(registry, redis);
  collectHasherLoad(registry, hasher);
  collectBacklog(registry, MESSAGES_DUE, () => store.backlog());
  collectBacklog(registry, SWITCH_UNTOLD, () => outbox.backlog());
  return createSiteMetrics(registry);
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
