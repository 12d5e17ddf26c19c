import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createDeliveryMetrics } from '#delivery';
import { IN_ORDER_TOPICS, LANE_TOPICS } from '#events';
import { createPublisher, ensureTopics, KafkaBatchStrategy, type KafkaConnection } from '#kafka';
import { BRANDS_DIR, loadBrands, warnOfReservedDomains, type Brands } from '#mail';
import {
  createRegistry,
  kafkaAccess,
  nestLogger,
  openTraces,
  programVersion,
  serveHealth,
  untilItWorks,
  type Logger,
} from '#platform';
import { collectRedisMetrics, connectRedis, lookForRedis, PARTS_OF, type RedisConnection } from '#redis';
import { longestDeadlines } from '#rules';
import { DRAIN_MS } from './close-in-order.ts';
import { collectLaneMetrics } from './lane-metrics.ts';
import type { NotifierEnvironment } from './notifier-environment.ts';
import { NotifierModule } from './notifier.module.ts';
import { RefusedTopics } from './refused-topics.ts';
import { wireDelivery } from './wire-delivery.ts';

/** A running notifier. */
export interface Notifier {
  /** Where health and metrics are served. */
  readonly url: string;
  /** Resolves when every lane has joined its group; until then `/readyz` says what is missing. */
  readonly joined: Promise<void>;
  /** Stops fetching, finishes and commits what has begun, then closes the connections, in that order. */
  close(): Promise<void>;
}

/** Kafka and Redis of this installation, which may be unavailable. */
interface Servers {
  readonly kafka: KafkaConnection;
  readonly redis: RedisConnection;
}

/**
 * Starts the lanes that the environment names. Rejects when the port is taken. Resolves as soon as health and metrics
 * are served: Kafka, Redis and the mail server may be unavailable, and the lanes join once Kafka and Redis are there.
 * Mails may be sent from then on, so the caller has to be able to close. `onFatal` is called with an error that only a
 * person can fix (a Redis that could lose data, topics that are not durable, credentials that Kafka refuses): the
 * process has to end then.
 */
export async function startNotifier(
  environment: NotifierEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<Notifier> {
  const registry = createRegistry({ app: 'notifier', version: programVersion() });
  const brands = loadBrands(environment.NOTIFY_BRANDS_DIR ?? BRANDS_DIR);
  warnOfReservedDomains(brands, logger);
  const servers = openServers(environment, logger);
  const refused = new RefusedTopics(logger);
  const publisher = refused.watch(createPublisher(servers.kafka));
  const lanes = environment.NOTIFY_LANES.map((lane) => {
    const groupId = `${environment.KAFKA_GROUP_ID}-${lane}`;
    const topics = LANE_TOPICS[lane];
    return new KafkaBatchStrategy({ connection: servers.kafka, groupId, topics, inOrder: IN_ORDER_TOPICS });
  });
  const metrics = createDeliveryMetrics(
    registry,
    () => refused.trouble !== undefined || lanes.some((lane) => !lane.ready().ok),
  );
  const traces = await openTraces(environment, 'notifier', logger);
  const delivery = wireDelivery(environment, brands, servers.redis, publisher, { metrics, logger, traces });
  delivery.breaker.onChange((isOpen) => lanes.forEach((lane) => (isOpen ? lane.pause() : lane.resume())));
  collectLaneMetrics(registry, lanes);
  collectRedisMetrics(registry, servers.redis);
  const app = await NestFactory.create<NestExpressApplication>(NotifierModule.over(delivery), {
    logger: nestLogger(logger),
  });
  for (const strategy of lanes) app.connectMicroservice({ strategy });
  const start = new Start(servers, environment, brands, logger);
  serveHealth(app.getHttpAdapter(), { registry, checks: checksOf({ lanes, servers, start, refused }) });
  const closeOthers = async (drainMs: number): Promise<void> => {
    await delivery.close(drainMs);
    await publisher.close();
    await Promise.all([servers.redis.close(), traces?.close()]);
  };
  return begin({ app, environment, closeOthers, start, onFatal });
}

interface Parts {
  readonly app: NestExpressApplication;
  readonly environment: NotifierEnvironment;
  /** `drainMs`: how long to wait for replies of the mail server. */
  readonly closeOthers: (drainMs: number) => Promise<void>;
  readonly start: Start;
  readonly onFatal: (error: Error) => void;
}

/** Listens, and only then lets the lanes join: a taken port must not end a process that has begun to send mails. */
async function begin({ app, environment, closeOthers, start, onFatal }: Parts): Promise<Notifier> {
  const closing = new AbortController();
  const close = async (): Promise<void> => {
    closing.abort();
    const since = performance.now();
    await app.close();
    await closeOthers(DRAIN_MS - (performance.now() - since));
  };
  try {
    await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  } catch (error) {
    await close();
    throw error;
  }
  const joined = start
    .untilServersAreThere(closing.signal)
    .then(() => app.startAllMicroservices())
    .then(
      () => undefined,
      (error: Error) => (closing.signal.aborted ? undefined : onFatal(error)),
    );
  return { url: await app.getUrl(), joined, close };
}

/** Waits for servers that are unavailable at start. */
class Start {
  private readonly servers: Servers;
  private readonly topics: Parameters<typeof ensureTopics>[1];
  private readonly logger: Logger;
  private kafkaTrouble: string | undefined;

  constructor(servers: Servers, environment: NotifierEnvironment, brands: Brands, logger: Logger) {
    this.servers = servers;
    const deadlines = longestDeadlines([...brands.values()].map((brand) => brand.deadlines));
    this.topics = { create: environment.KAFKA_CREATE_TOPICS, deadlines };
    this.logger = logger;
  }

  /** Why Kafka's topics could not be checked yet. */
  get trouble(): string | undefined {
    return this.kafkaTrouble;
  }

  /** Resolves when Redis and the topics are there. Rejects with an error that retrying cannot fix, or when aborted. */
  async untilServersAreThere(signal: AbortSignal): Promise<void> {
    const { redis, kafka } = this.servers;
    const away = ({ message }: Error): void => this.logger.info({ reason: message }, 'Waiting for a server');
    await untilItWorks(() => lookForRedis(redis), { signal, onFailure: away });
    const onFailure = (error: Error): void => {
      this.kafkaTrouble = error.message;
      away(error);
    };
    await untilItWorks(() => ensureTopics(kafka, this.topics), { signal, onFailure });
    this.kafkaTrouble = undefined;
  }
}

function openServers(environment: NotifierEnvironment, logger: Logger): Servers {
  const redis = connectRedis({
    urls: environment.REDIS_URL,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    parts: PARTS_OF.notifier,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
  return { redis, kafka: { ...kafkaAccess(environment), clientId: 'denwa-notify', log: logger } };
}

interface Checked {
  readonly lanes: readonly KafkaBatchStrategy[];
  readonly servers: Servers;
  readonly start: Start;
  readonly refused: RefusedTopics;
}

function checksOf({ lanes, servers, start, refused }: Checked): Parameters<typeof serveHealth>[1]['checks'] {
  return {
    kafka: () => {
      const reasons = lanes.flatMap((lane) => lane.ready().reasons);
      if (reasons.length > 0 && start.trouble !== undefined) reasons.push(start.trouble);
      if (refused.trouble !== undefined) reasons.push(refused.trouble);
      return reasons.join('; ') || undefined;
    },
    redis: () => servers.redis.probe().then(() => undefined),
  };
}
