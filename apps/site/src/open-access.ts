import { createPasswordHasher, policyOfBrand, type AccessDeps } from '#access';
import { createPublisher, type KafkaConnection } from '#kafka';
import type { Brands } from '#mail';
import {
  checkDurability,
  createAccessStore,
  createSettingsRepository,
  createSourceLimit,
  type RedisConnection,
} from '#redis';
import { accessMailSender, publishAccessMail } from '#settings';
import type { SiteEnvironment } from './site-environment.ts';

/** What stands behind the logins, and how to let go of it. */
export interface OpenAccess {
  readonly access: AccessDeps;
  readonly close: () => Promise<void>;
}

/** Longer than Kafka needs to elect a leader, shorter than a visitor's patience. */
const KAFKA_ANSWER_MS = 10_000;
const SOURCE_WINDOW_MS = 15 * 60_000;

/** Opens what logins need; Kafka is connected to with the first mail. */
export function openAccess(
  environment: SiteEnvironment,
  { redis, kafka, brands }: { redis: RedisConnection; kafka: KafkaConnection; brands: Brands },
): OpenAccess {
  const durability = (): ReturnType<typeof checkDurability> => checkDurability(redis);
  const repository = createSettingsRepository(redis, durability);
  const store = createAccessStore(redis, durability);
  const publisher = createPublisher(kafka);
  const publish = publishAccessMail({
    publisher,
    sealKeys: environment.SEAL_KEYS,
    withinMs: KAFKA_ANSWER_MS,
  });
  const { SITE_URL, SEAL_KEYS, LOGIN_WAITS, LOGIN_TRIES_PER_SOURCE: count } = environment;
  return {
    access: {
      store,
      lines: repository,
      hasher: createPasswordHasher(),
      sources: createSourceLimit(redis, { count, windowMs: SOURCE_WINDOW_MS }),
      sendMail: accessMailSender(publish, Date.now),
      policyOf: (brand) => policyOfBrand(brands.get(brand)?.password),
      siteOf: (brand) => SITE_URL ?? brands.get(brand)?.site.url ?? '',
      sealKeys: SEAL_KEYS,
      waits: LOGIN_WAITS,
      now: Date.now,
    },
    close: async () => {
      await publisher.close();
      await store.close();
      await repository.close();
    },
  };
}
