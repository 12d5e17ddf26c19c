import { keepSendingDueMails, type AccessDeps } from '#access';
import { BRANDS_DIR, loadBrands } from '#mail';
import { createRegistry, kafkaAccess, programVersion, untilItWorks, type Logger } from '#platform';
import { connectRedis, lookForRedis, type RedisConnection } from '#redis';
import { brandOfHost } from './brand-of-host.ts';
import { createApp } from './create-app.ts';
import { trustedProxies } from './http/trusted-proxies.ts';
import { openAccess } from './open-access.ts';
import type { SiteEnvironment } from './site-environment.ts';
import { sitePages } from './site.module.ts';
import { admit } from './http/admit.ts';
import { ASSETS_DIR, loadAssets } from './ui/assets.ts';

/** A running site. */
export interface Site {
  readonly url: string;
  /** Answers what was asked, then closes the connections. */
  close(): Promise<void>;
}

/**
 * Starts the site, also while Kafka or Redis is unavailable: each request reports that by itself. Rejects with brands
 * that cannot be read. `onFatal` is called for a Redis that would forget or is not what its URL says: the process has to
 * end.
 */
export async function startSite(
  environment: SiteEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<Site> {
  const redis = connectRedis({
    urls: environment.REDIS_URL,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  const kafka = { ...kafkaAccess(environment), clientId: 'denwa-notify-site', log: logger };
  const { access, close } = openAccess(environment, { redis, kafka, brands });
  const app = await createApp({
    pages: sitePages({ access, brands, logger }),
    admit: admit({ access, brands }),
    brandOf: brandOfHost(brands, environment.SITE_URL),
    isProxy: trustedProxies(environment.SITE_TRUSTED_PROXIES ?? []),
    assets: loadAssets(ASSETS_DIR),
    // Kafka is not among them: without it a subscriber still logs in and reads the settings.
    checks: { redis: () => redis.probe().then(() => undefined) },
    registry: createRegistry({ app: 'site', version: programVersion() }),
    logger,
  });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  const closing = new AbortController();
  const checked = checkRedis(redis, logger, closing.signal);
  checked.catch((error: Error) => closing.signal.aborted || onFatal(error));
  const mailing = sendDueMails(access, logger, closing.signal);
  return {
    url: await app.getUrl(),
    close: async () => {
      closing.abort();
      await app.close();
      await mailing;
      await close();
      await redis.close();
    },
  };
}

/** Tells subscribers what happened to their logins (O4). Resolves after the signal. */
function sendDueMails(access: AccessDeps, logger: Logger, signal: AbortSignal): Promise<void> {
  const onTrouble = (error: Error): void =>
    logger.warn({ err: error }, 'Mails about changed logins cannot be published, and wait');
  return keepSendingDueMails(access, { signal, onTrouble });
}

/** Resolves when Redis was there and would forget nothing; rejects when it would. */
async function checkRedis(redis: RedisConnection, logger: Logger, signal: AbortSignal): Promise<void> {
  const onFailure = ({ message }: Error): void => logger.info({ reason: message }, 'Waiting for Redis');
  await untilItWorks(() => lookForRedis(redis), { signal, onFailure });
}
