import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../../tools/stack/free-ports.ts';
import { installKafka } from '../../tools/stack/install-kafka.ts';
import { brokerList, kafkaCluster, type KafkaNode } from '../../tools/stack/kafka-server.ts';
import { installRedis, type RedisInstallation } from '../../tools/stack/install-redis.ts';
import { redisServer } from '../../tools/stack/redis-server.ts';
import { dataFolder, startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';
import { startCluster, type ClusterSetup } from '../support/redis-cluster.ts';
import { startSentinelSetup, type SentinelSetup } from '../support/redis-sentinel.ts';
import { mountSmallDisk, unmountSmallDisk } from './small-disk.ts';
import { writeSubscribers } from './subscribers.ts';

/** The real servers that rows run on, with the settings of all subscribers in Redis. */
export interface Ground {
  readonly folder: string;
  readonly brokers: readonly ServerPlan[];
  readonly bootstrap: string;
  /** The only Redis, or the first of several. */
  readonly redis: ServerPlan;
  readonly redisPlans: readonly ServerPlan[];
  readonly redisUrl: string;
  /** Set for that kind of Redis. */
  readonly sentinel?: SentinelSetup;
  readonly cluster?: ClusterSetup;
  /** Stops them and removes their data. */
  close(): Promise<void>;
}

interface GroundOptions {
  readonly brokers: number;
  readonly redis: 'single' | 'sentinel' | 'cluster';
  /** Whether each server's data is on its own small file system, which a row can fill. */
  readonly onSmallDisks: boolean;
}

type Redises = Pick<Ground, 'redis' | 'redisPlans' | 'redisUrl' | 'sentinel' | 'cluster'>;

/** Starts Redis and a Kafka cluster in `folder`, on free ports. */
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
  const installation = await installRedis(say, signal);
  const several = await startSeveral(options.redis, installation, folder, signal);
  const redises =
    several ?? single(redisServer(installation, path.join(folder, 'redis'), redisPort), redisPort);
  const plans = [...redises.redisPlans, ...brokers];
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
    await writeSubscribers(redises.redisUrl);
    return { folder, brokers, bootstrap: brokerList(nodes), ...redises, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function single(plain: ServerPlan, port: number): Redises {
  const redis = { ...plain, args: [...plain.args, '--enable-debug-command', 'local'] };
  return { redis, redisPlans: [redis], redisUrl: `redis://127.0.0.1:${port}` };
}

/** Starts a master and a replica with three sentinels, or a cluster of three masters with a replica each. */
async function startSeveral(
  kind: GroundOptions['redis'],
  installation: RedisInstallation,
  folder: string,
  signal: AbortSignal,
): Promise<Redises | undefined> {
  if (kind === 'single') return undefined;
  const setup =
    kind === 'sentinel'
      ? { sentinel: await startSentinelSetup(installation, folder, signal) }
      : { cluster: await startCluster(installation, folder, { replicas: true, signal }) };
  const { plans, url } =
    'sentinel' in setup ? setup.sentinel : { plans: setup.cluster.plans, url: setup.cluster.urls.join(',') };
  const [redis] = plans;
  if (!redis) throw new Error('No Redis was planned');
  return { redis, redisPlans: plans, redisUrl: url, ...setup };
}
