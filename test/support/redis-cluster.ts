import { freePorts } from '../../tools/stack/free-ports.ts';
import type { RedisInstallation } from '../../tools/stack/install-redis.ts';
import { startServer, stopServer, type ServerPlan } from '../../tools/stack/server.ts';
import { eventually } from './eventually.ts';
import { planNodes, withRedisAt, type RedisNode } from './redis-node.ts';

/** A Redis Cluster on this machine. */
export interface ClusterSetup {
  /** The URLs of its first three nodes. */
  readonly urls: readonly string[];
  readonly plans: readonly ServerPlan[];
  /** The initial three masters, followed by their replicas, if any. */
  readonly nodes: readonly RedisNode[];
  close(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;
const NODE_TIMEOUT_MS = 2_000;

/** Starts three masters in `folder`, each with a replica if wanted; resolves when they serve every slot. */
export async function startCluster(
  installation: RedisInstallation,
  folder: string,
  { replicas, signal }: { readonly replicas: boolean; readonly signal?: AbortSignal },
): Promise<ClusterSetup> {
  const count = replicas ? 2 * MASTERS : MASTERS;
  const busPorts = await freePorts(count);
  const nodes = await planNodes(installation, folder, count, async (index) => ({
    'cluster-enabled': 'yes',
    'cluster-port': String(busPorts[index]),
    'cluster-node-timeout': String(NODE_TIMEOUT_MS),
    'cluster-replica-validity-factor': '0',
  }));
  const plans = nodes.map(({ plan }) => plan);
  const close = async (): Promise<void> => {
    await Promise.all(plans.map(({ folder: of }) => stopServer(of)));
  };
  try {
    await Promise.all(plans.map((plan) => startServer(plan, signal)));
    await join(nodes, busPorts);
    await giveSlots(nodes.slice(0, MASTERS));
    await Promise.all(nodes.slice(MASTERS).map((node, index) => follow(node, nodes[index] ?? node)));
    await eventually(async () => (await Promise.all(nodes.map(isWhole))).every(Boolean));
  } catch (error) {
    await close();
    throw error;
  }
  const urls = nodes.slice(0, MASTERS).map(({ port }) => `redis://127.0.0.1:${port}`);
  return { urls, plans, nodes, close };
}

/** The cluster's id of a node. */
export function nodeId({ port }: RedisNode): Promise<string> {
  return withRedisAt(port, async (redis) => (await redis.call('CLUSTER', 'MYID')) as string);
}

/** Whether a node reports that all slots are served and its replication is up. */
export async function isWhole({ port }: RedisNode): Promise<boolean> {
  const [info, replication] = await withRedisAt(port, (redis) =>
    Promise.all([redis.cluster('INFO'), redis.info('replication')]),
  );
  return /cluster_state:ok/.test(String(info)) && !/master_link_status:down/.test(replication);
}

/** Asks the cluster which master serves a slot now. */
export async function ownerOf({ nodes }: ClusterSetup, slot: number): Promise<RedisNode> {
  for (const { port } of nodes) {
    const ranges = await withRedisAt(port, (redis) => redis.cluster('SLOTS')).catch(() => undefined);
    const found = ranges?.find(([from, to]) => Number(from) <= slot && slot <= Number(to));
    const owner = nodes.find((node) => node.port === Number((found?.[2] as unknown[] | undefined)?.[1]));
    if (owner) return owner;
  }
  throw new Error(`No node serves slot ${slot}`);
}

async function join(nodes: readonly RedisNode[], busPorts: readonly number[]): Promise<void> {
  const [first] = nodes as [RedisNode];
  for (const [index, { port }] of nodes.entries()) {
    await withRedisAt(port, async (redis) => {
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      await redis.call('CLUSTER', 'MEET', '127.0.0.1', first.port, busPorts[0] ?? 0);
    });
  }
  const knowsAll = (info: unknown): boolean => String(info).includes(`cluster_known_nodes:${nodes.length}\r`);
  await eventually(async () => {
    const infos = await Promise.all(
      nodes.map(({ port }) => withRedisAt(port, (redis) => redis.cluster('INFO'))),
    );
    return infos.every(knowsAll);
  });
}

async function giveSlots(masters: readonly RedisNode[]): Promise<void> {
  const share = Math.ceil(SLOTS / masters.length);
  await Promise.all(
    masters.map(({ port }, index) => {
      const last = Math.min(SLOTS, (index + 1) * share) - 1;
      return withRedisAt(port, (redis) => redis.call('CLUSTER', 'ADDSLOTSRANGE', index * share, last));
    }),
  );
}

async function follow(replica: RedisNode, master: RedisNode): Promise<void> {
  const id = await nodeId(master);
  await eventually(() =>
    withRedisAt(replica.port, (redis) => redis.call('CLUSTER', 'REPLICATE', id)).then(() => true),
  );
}
