import { sendDueMessages } from '#access';
import { lookForKafka, type KafkaConnection } from '#kafka';
import { BRANDS_DIR, loadBrands, warnOfReservedDomains } from '#mail';
import { ASSETS_DIR, loadAssets, trustedProxies } from '#pages';
import {
  createRegistry,
  kafkaAccess,
  keepRepeating,
  openTraces,
  programVersion,
  untilItWorks,
  type Logger,
} from '#platform';
import { connectRedis, lookForRedis, PARTS_OF, type RedisConnection } from '#redis';
import { tellNews, tellWaiting } from '#settings';
import { brandOfHost } from './brand-of-host.ts';
import { createApp } from './create-app.ts';
import { openParts, type OpenParts } from './open-parts.ts';
import type { SiteEnvironment } from './site-environment.ts';
import { sitePages, type PageParts } from './site.module.ts';
import { admit } from './http/admit.ts';

/** A running site. */
export interface Site {
  readonly url: string;
  /** Answers what was asked, then closes the connections. */
  close(): Promise<void>;
}

/**
 * Starts the site, also while Kafka or Redis is unavailable: each request reports that by itself. Rejects with brands
 * that cannot be read. `onFatal` is called for a Redis that would forget or is not what its URL says, and for
 * credentials that Kafka refuses: the process has to end.
 */
export async function startSite(
  environment: SiteEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<Site> {
  const redis = openRedis(environment, logger);
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  warnOfReservedDomains(brands, logger);
  const kafka = { ...kafkaAccess(environment), clientId: 'denwa-notify-site', log: logger };
  const registry = createRegistry({ app: 'site', version: programVersion() });
  const { parts, telling, close } = openParts(environment, { redis, kafka, brands, registry, logger });
  const traces = await openTraces(environment, 'site', logger);
  const app = await createApp({
    pages: sitePages({ ...parts, brands, logger }),
    admit: admit({ access: parts.access, brands }),
    brandOf: brandOfHost(brands, environment.SITE_URL),
    isProxy: trustedProxies(environment.SITE_TRUSTED_PROXIES ?? []),
    assets: loadAssets(ASSETS_DIR),
    // Kafka is not among them: without it a subscriber still logs in and reads the settings.
    checks: { redis: () => redis.probe().then(() => undefined) },
    registry,
    logger,
    traces,
  });
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  const closing = new AbortController();
  const checked = checkServers({ redis, kafka }, logger, closing.signal);
  checked.catch((error: Error) => closing.signal.aborted || onFatal(error));
  const working = keepWorking({ ...parts, telling }, logger, closing.signal);
  return {
    url: await app.getUrl(),
    close: async () => {
      closing.abort();
      await app.close();
      await working;
      await close();
      await Promise.all([redis.close(), traces?.close()]);
    },
  };
}

function openRedis({ REDIS_URL, REDIS_KEY_PREFIX }: SiteEnvironment, logger: Logger): RedisConnection {
  return connectRedis({
    urls: REDIS_URL,
    keyPrefix: REDIS_KEY_PREFIX,
    parts: PARTS_OF.site,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
}

/**
 * Tells subscribers what happened to their logins (O4), and the switch what is saved (V5); finishes what a process that
 * died has left of a CSV (C14). Resolves after the signal.
 */
async function keepWorking(
  { access, settings, telling }: Pick<PageParts, 'access' | 'settings'> & Pick<OpenParts, 'telling'>,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const onMessages = (error: Error): void =>
    logger.warn({ err: error }, 'What is to be told about changed logins cannot be published, and waits');
  const onSwitch = (error: Error): void =>
    logger.warn({ err: error }, 'What is saved cannot be told to the switch, and waits');
  const onEdits = (error: Error): void =>
    logger.warn(
      { err: error },
      'Settings of many numbers whose change was interrupted cannot be finished, and wait',
    );
  await Promise.all([
    keepRepeating(() => sendDueMessages(access), { everyMs: 1_000, signal, onTrouble: onMessages }),
    tellNews(telling, signal),
    keepRepeating(() => tellWaiting(telling, signal), { everyMs: 1_000, signal, onTrouble: onSwitch }),
    keepRepeating(() => settings.repository.settleEdits(), { everyMs: 5_000, signal, onTrouble: onEdits }),
  ]);
}

/** Resolves when Redis was there and would forget nothing, and Kafka took our login; rejects when it would, or refuses. */
async function checkServers(
  { redis, kafka }: { readonly redis: RedisConnection; readonly kafka: KafkaConnection },
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const onRedis = ({ message }: Error): void => logger.info({ reason: message }, 'Waiting for Redis');
  const onKafka = ({ message }: Error): void => logger.info({ reason: message }, 'Waiting for Kafka');
  await Promise.all([
    untilItWorks(() => lookForRedis(redis), { signal, onFailure: onRedis }),
    untilItWorks(() => lookForKafka(kafka), { signal, onFailure: onKafka }),
  ]);
}
