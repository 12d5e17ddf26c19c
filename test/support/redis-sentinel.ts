import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../../tools/stack/free-ports.ts';
import type { RedisInstallation } from '../../tools/stack/install-redis.ts';
import { dataFolder, startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';
import { eventually } from './eventually.ts';
import { isInStep, planNodes, roleAt, withRedisAt, type RedisNode } from './redis-node.ts';

/** A master and a replica, watched by three sentinels. */
export interface SentinelSetup {
  readonly url: string;
  readonly plans: readonly ServerPlan[];
  /** The first one is the initial master. */
  readonly nodes: readonly RedisNode[];
  readonly sentinelPorts: readonly number[];
  /** The current master, according to the sentinels. */
  master(): Promise<RedisNode>;
  close(): Promise<void>;
}

const NAME = 'denwa';
const DOWN_AFTER_MS = 1_000;

/** Starts them in `folder`; resolves when the sentinels know each other and the replica follows its master. */
export async function startSentinelSetup(
  installation: RedisInstallation,
  folder: string,
  signal?: AbortSignal,
): Promise<SentinelSetup> {
  const nodes = await planNodes(installation, folder, 2, async () => ({}));
  const [first, second] = nodes as [RedisNode, RedisNode];
  const sentinelPorts = await freePorts(3);
  const sentinels = sentinelPorts.map((port, index) =>
    sentinelPlan(installation, path.join(folder, `sentinel-${index + 1}`), port, first.port),
  );
  const plans = [...nodes.map(({ plan }) => plan), ...sentinels];
  const close = async (): Promise<void> => {
    await Promise.all(plans.map(({ folder: of }) => stopServer(of)));
  };
  try {
    await Promise.all(nodes.map(({ plan }) => startServer(plan, signal)));
    await withRedisAt(second.port, (redis) => redis.replicaof('127.0.0.1', first.port));
    await eventually(() => isInStep(second.port));
    await Promise.all(sentinels.map((plan) => startServer(plan, signal)));
    await eventually(async () => (await Promise.all(sentinelPorts.map(knowsAll))).every(Boolean));
  } catch (error) {
    await close();
    throw error;
  }
  const addresses = sentinelPorts.map((port) => `127.0.0.1:${port}`);
  return {
    url: `redis+sentinel://${addresses.join(',')}/${NAME}`,
    plans,
    nodes,
    sentinelPorts,
    close,
    master: async () => {
      const named = await masterPort(sentinelPorts[0] ?? 0);
      return nodes.find(({ port }) => port === named) ?? first;
    },
  };
}

/** Makes the sentinels promote the replica while everything is running; resolves when it is done. */
export async function failOver({ sentinelPorts, nodes }: SentinelSetup): Promise<void> {
  const [asked = 0] = sentinelPorts;
  const before = await masterPort(asked);
  await withRedisAt(asked, (redis) => redis.call('SENTINEL', 'FAILOVER', NAME));
  await eventually(async () => {
    const now = await masterPort(asked);
    const old = nodes.find(({ port }) => port === before);
    return now !== before && (await roleAt(now)) === 'master' && (await roleAt(old?.port ?? 0)) === 'slave';
  });
}

async function masterPort(sentinelPort: number): Promise<number> {
  const [, port] = (await withRedisAt(sentinelPort, (redis) =>
    redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME),
  )) as [string, string];
  return Number(port);
}

/** Whether a sentinel knows the other two and the replica, which a failover needs. */
async function knowsAll(port: number): Promise<boolean> {
  return withRedisAt(port, async (redis) =>
    /slaves=1,sentinels=3/.test((await redis.call('INFO', 'sentinel')) as string),
  );
}

function sentinelPlan(
  installation: RedisInstallation,
  folder: string,
  port: number,
  master: number,
): ServerPlan {
  // A sentinel rewrites its own configuration, so an existing file is kept.
  const file = path.join(dataFolder(folder), 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${dataFolder(folder)}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${master} 2`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 5000`,
  ];
  return {
    name: 'Redis Sentinel',
    folder,
    command: installation.command,
    args: [file, '--sentinel'],
    readyWhen: ['+monitor master'],
    prepare: async () => {
      if (!existsSync(file)) await writeFile(file, `${lines.join('\n')}\n`);
    },
  };
}
