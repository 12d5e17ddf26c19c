import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createDeliveryMetrics } from '#delivery';
import {
  createPublisher,
  ensureTopics,
  KafkaBatchStrategy,
  type KafkaConnection,
  type Publisher,
} from '#kafka';
import { createRegistry, kafkaAccess, nestLogger, programVersion, serveHealth, type Logger } from '#platform';
import { checkDurability, connectRedis, type RedisConnection } from '#redis';
import { collectLaneMetrics } from './lane-metrics.ts';
import { IN_ORDER_TOPICS, LANE_TOPICS } from './lane.ts';
import type { NotifierEnvironment } from './notifier-environment.ts';
import { NotifierModule } from './notifier.module.ts';
import { wireDelivery } from './wire-delivery.ts';

/** A notifier at work. */
export interface Notifier {
  /** Where health and metrics answer. */
  readonly url: string;
  /** Resolves when every lane has joined its group; until then `/readyz` says what is missing. */
  readonly joined: Promise<void>;
  /** Stops fetching, finishes and commits what was begun, then closes the connections, in that order. */
  close(): Promise<void>;
}

const REDIS_START_MS = 10_000;
/** How long closing waits for lanes that are joining. */
const JOIN_MS = 5_000;

/**
 * Starts the lanes that the environment names. Rejects, saying why, with a Redis that would forget or topics that
 * cannot hold the promise. Resolves before the lanes join: mail may leave from then on, so the caller has to be able to
 * close. `onFatal` is told of a lane that cannot join and of a consumer that died: then the process has to end.
 */
export async function startNotifier(
  environment: NotifierEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<Notifier> {
  const registry = createRegistry({ app: 'notifier', version: programVersion() });
  const { connection, redis, publisher } = await openServers(environment, logger);
  const lanes = environment.NOTIFY_LANES.map((lane) => {
    const groupId = `${environment.KAFKA_GROUP_ID}-${lane}`;
    const topics = LANE_TOPICS[lane];
    return new KafkaBatchStrategy({ connection, groupId, topics, inOrder: IN_ORDER_TOPICS, onFatal });
  });
  const metrics = createDeliveryMetrics(registry, () => lanes.some((lane) => !lane.ready().ok));
  const delivery = wireDelivery(environment, redis, publisher, metrics, logger);
  delivery.gate.onChange((open) => lanes.forEach((lane) => (open ? lane.resume() : lane.pause())));
  collectLaneMetrics(registry, lanes);
  const app = await NestFactory.create<NestExpressApplication>(NotifierModule.over(delivery), {
    logger: nestLogger(logger),
  });
  for (const strategy of lanes) app.connectMicroservice({ strategy });
  serveHealth(app.getHttpAdapter(), { registry, checks: checksOf(lanes, () => redis.probe()) });
  const closeOthers = async (): Promise<void> => {
    await delivery.close();
    await publisher.close();
    await redis.close();
  };
  return begin(app, environment, closeOthers, onFatal);
}

/** Listens, and only then lets the lanes join: a port that is taken must not end a process whose mails have begun. */
async function begin(
  app: NestExpressApplication,
  environment: NotifierEnvironment,
  closeOthers: () => Promise<void>,
  onFatal: (error: Error) => void,
): Promise<Notifier> {
  let joined = Promise.resolve();
  let closing = false;
  const close = async (): Promise<void> => {
    closing = true;
    await atMost(JOIN_MS, joined);
    await app.close();
    await closeOthers();
  };
  try {
    await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  } catch (error) {
    await close();
    throw error;
  }
  joined = app.startAllMicroservices().then(
    () => undefined,
    (error: Error) => (closing ? undefined : onFatal(error)),
  );
  return { url: await app.getUrl(), joined, close };
}

/** A consumer that is closed while it joins would go on joining. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  const over = new AbortController();
  const late = pause(ms, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  over.abort();
}

interface Servers {
  readonly connection: KafkaConnection;
  readonly redis: RedisConnection;
  readonly publisher: Publisher;
}

/** Connects, and refuses servers that cannot hold the promise. */
async function openServers(environment: NotifierEnvironment, logger: Logger): Promise<Servers> {
  const connection = { ...kafkaAccess(environment), clientId: 'denwa-notify', log: logger };
  const redis = connectRedis({
    urls: environment.REDIS_URL,
    keyPrefix: environment.REDIS_KEY_PREFIX,
    onError: (error) => logger.warn({ err: error }, 'The connection to Redis failed'),
  });
  try {
    await redis.ready(REDIS_START_MS);
    await checkDurability(redis);
    await ensureTopics(connection, { create: environment.KAFKA_CREATE_TOPICS });
  } catch (error) {
    await redis.close();
    throw error;
  }
  return { connection, redis, publisher: createPublisher(connection) };
}

function checksOf(
  lanes: readonly KafkaBatchStrategy[],
  pingRedis: () => Promise<void>,
): Parameters<typeof serveHealth>[1]['checks'] {
  return {
    kafka: () => lanes.flatMap((lane) => lane.ready().reasons).join('; ') || undefined,
    redis: () => pingRedis().then(() => undefined),
  };
}
