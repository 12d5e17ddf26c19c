import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
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
import { LANE_TOPICS } from './lane.ts';
import type { NotifierEnvironment } from './notifier-environment.ts';
import { NotifierModule } from './notifier.module.ts';
import { wireDelivery } from './wire-delivery.ts';

/** A notifier at work. */
export interface Notifier {
  /** Where health and metrics answer. */
  readonly url: string;
  /** Stops fetching, finishes and commits what was begun, then closes the connections, in that order. */
  close(): Promise<void>;
}

const REDIS_START_MS = 10_000;

/**
 * Starts the lanes that the environment names. Rejects, saying why, with a Redis that would forget or topics that
 * cannot hold the promise. `onFatal` is told of a consumer that died: then the process has to end.
 */
export async function startNotifier(
  environment: NotifierEnvironment,
  logger: Logger,
  onFatal: (error: Error) => void,
): Promise<Notifier> {
  const registry = createRegistry({ app: 'notifier', version: programVersion() });
  const { connection, redis, publisher } = await openServers(environment, logger);
  const delivery = wireDelivery(environment, redis, publisher, registry, logger);
  const lanes = environment.NOTIFY_LANES.map((lane) => {
    const groupId = `${environment.KAFKA_GROUP_ID}-${lane}`;
    return new KafkaBatchStrategy({ connection, groupId, topics: LANE_TOPICS[lane], onFatal });
  });
  delivery.gate.onChange((open) => lanes.forEach((lane) => (open ? lane.resume() : lane.pause())));
  collectLaneMetrics(registry, lanes);
  const app = await NestFactory.create<NestExpressApplication>(NotifierModule.over(delivery), {
    logger: nestLogger(logger),
  });
  for (const strategy of lanes) app.connectMicroservice({ strategy });
  serveHealth(app.getHttpAdapter(), { registry, checks: checksOf(lanes, () => redis.ping()) });
  await app.startAllMicroservices();
  await app.listen(environment.HTTP_PORT, environment.HTTP_HOST);
  const close = async (): Promise<void> => {
    await app.close();
    await delivery.close();
    await publisher.close();
    await redis.close();
  };
  return { url: await app.getUrl(), close };
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
