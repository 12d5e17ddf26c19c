import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installKafka } from '../../tools/stack/install-kafka.ts';
import { brokerList, kafkaCluster, type KafkaNode } from '../../tools/stack/kafka-server.ts';
import { installRedis } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import { dataFolder, startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';
import { mountSmallDisk, unmountSmallDisk } from './small-disk.ts';
import { writeSubscribers } from './subscribers.ts';

/** The servers that rows stand on, real ones, with all subscribers' settings in Redis. */
export interface Ground {
  readonly folder: string;
  readonly brokers: readonly ServerPlan[];
  readonly bootstrap: string;
  readonly redis: ServerPlan;
  readonly redisUrl: string;
  /** Stops them and removes their data. */
  close(): Promise<void>;
}

export interface GroundOptions {
  readonly brokers: number;
  /** Whether each server's data has a small file system of its own, which a row can fill. */
  readonly onSmallDisks: boolean;
}

/** Starts Redis and a cluster in `folder`, on ports of their own. */
export async function openGround(
  folder: string,
  options: GroundOptions,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Ground> {
  await mkdir(folder, { recursive: true });
  const [redisPort = 0, ...ports] = await freePorts(1 + 2 * options.brokers);
  const nodes = Array.from({ length: options.brokers }, (_, index): KafkaNode => ({
    id: index + 1,
    folder: path.join(folder, `kafka-${index + 1}`),
    port: ports[2 * index] ?? 0,
    controllerPort: ports[2 * index + 1] ?? 0,
  }));
  const brokers = kafkaCluster(await installKafka(say, signal), nodes);
  const plain = redisServer(await installRedis(say, signal), path.join(folder, 'redis'), redisPort);
  const redis = { ...plain, args: [...plain.args, '--enable-debug-command', 'local'] };
  const plans = [redis, ...brokers];
  const close = async (): Promise<void> => {
    await Promise.all(plans.map(({ folder: of }) => stopServer(of)));
    if (options.onSmallDisks)
      await Promise.all(plans.map(({ folder: of }) => unmountSmallDisk(dataFolder(of))));
    await Promise.all(plans.map(({ folder: of }) => rm(of, { recursive: true, force: true })));
  };
  try {
    if (options.onSmallDisks)
      await Promise.all(plans.map(({ folder: of }) => mountSmallDisk(dataFolder(of))));
    await Promise.all(plans.map((plan) => startServer(plan, signal)));
    const redisUrl = `redis://127.0.0.1:${redisPort}`;
    await writeSubscribers(redisUrl);
    return { folder, brokers, bootstrap: brokerList(nodes), redis, redisUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}
