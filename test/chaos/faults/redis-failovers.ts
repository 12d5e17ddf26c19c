import { performance } from 'node:perf_hooks';
import path from 'node:path';
import { installRedis } from '../../../tools/stack/install-redis.ts';
import { killServer, startServer, stopServer } from '../../../tools/stack/server.ts';
import { eventually } from '../../support/eventually.ts';
import { beginMove, endMove, moveKeys } from '../../support/move-slots.ts';
import { isWhole, ownerOf, type ClusterSetup } from '../../support/redis-cluster.ts';
import { changePlaces, isInStep, planNodes, roleAt } from '../../support/redis-node.ts';
import type { SentinelSetup } from '../../support/redis-sentinel.ts';
import { startProxy } from '../../support/redis-proxy.ts';
import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';

const FAILOVER = { rounds: 6, targetMs: RECOVERY_TARGETS.serverBack } as const;
const SLOTS = 16_384;
/** Enough for most mails to meet a slot that is being moved. */
const MOVED_SLOTS = 2_000;

function sentinelOf({ ground }: Scene): SentinelSetup {
  if (!ground.sentinel) throw new Error('No sentinels run');
  return ground.sentinel;
}

function clusterOf({ ground }: Scene): ClusterSetup {
  if (!ground.cluster) throw new Error('No cluster runs');
  return ground.cluster;
}

/** The notifier connects through a proxy that sends new connections to the new master and keeps the open ones. */
async function demote(scene: Scene): Promise<void> {
  const master = Number(new URL(scene.ground.redisUrl).port);
  const installation = await installRedis(() => undefined);
  const [replica] = await planNodes(installation, path.join(scene.folder, 'replica'), 1, async () => ({
    replicaof: `127.0.0.1 ${master}`,
  }));
  if (!replica) throw new Error('No replica was planned');
  const proxy = await startProxy(scene.ground.redisUrl);
  try {
    await startServer(replica.plan);
    await eventually(() => isInStep(replica.port));
    await scene.replaceFirst({ environment: { REDIS_URL: proxy.url } });
    await scene.passBetween(1_000, 2_000);
    for (const [from, to] of [
      [master, replica.port],
      [replica.port, master],
    ] as const) {
      proxy.turnTo(to);
      await changePlaces(from, to);
      scene.healed();
      await scene.pass(6_000);
    }
    await scene.stopAll();
    await scene.startNotifier();
  } finally {
    await stopServer(replica.plan.folder);
    await proxy.close();
  }
}

async function killMaster(scene: Scene): Promise<void> {
  const setup = sentinelOf(scene);
  for (let time = 0; time < 2; time += 1) {
    await scene.passBetween(200, 1_000);
    const killed = await setup.master();
    const since = performance.now();
    await killServer(killed.plan.folder);
    await eventually(async () => {
      const { port } = await setup.master();
      return port !== killed.port && (await roleAt(port)) === 'master';
    });
    scene.failedOver(since);
    scene.healed();
    await scene.pass(6_000);
    await startServer(killed.plan);
    await eventually(async () => (await roleAt(killed.port)) === 'slave' && (await isInStep(killed.port)));
  }
}

async function areWhole(nodes: ClusterSetup['nodes']): Promise<boolean> {
  return (await Promise.all(nodes.map(isWhole))).every(Boolean);
}

async function killShard(scene: Scene): Promise<void> {
  const setup = clusterOf(scene);
  for (let time = 0; time < 2; time += 1) {
    await scene.passBetween(200, 1_000);
    const slot = scene.random.between(0, SLOTS - 1);
    const killed = await ownerOf(setup, slot);
    const others = setup.nodes.filter((node) => node !== killed);
    const since = performance.now();
    await killServer(killed.plan.folder);
    await eventually(async () => (await ownerOf({ ...setup, nodes: others }, slot)) && areWhole(others));
    scene.failedOver(since);
    scene.healed();
    await scene.pass(6_000);
    await startServer(killed.plan);
    await eventually(async () => (await roleAt(killed.port)) === 'slave' && (await isWhole(killed)));
  }
}

/** Moves slots from the first master to the last and back, with a pause in each state of the move. */
async function moveSlots(scene: Scene): Promise<void> {
  const setup = clusterOf(scene);
  const from = await ownerOf(setup, 0);
  const to = await ownerOf(setup, SLOTS - 1);
  const slots = Array.from({ length: MOVED_SLOTS }, (_, slot) => slot);
  for (const move of [
    { slots, from, to },
    { slots, from: to, to: from },
  ]) {
    await scene.passBetween(200, 1_000);
    await beginMove(move);
    await scene.pass(2_000);
    await moveKeys(move);
    await scene.pass(2_000);
    await endMove(move);
    scene.healed();
    await scene.pass(5_000);
  }
}

/** Failovers of replicated and clustered Redis. */
export const REDIS_FAILOVERS: readonly Fault[] = [
  {
    ...FAILOVER,
    name: 'Redis: the master demoted, connections stay open',
    ground: 'redis',
    times: 2,
    happen: demote,
  },
  {
    ...FAILOVER,
    name: 'Redis Sentinel: the master killed',
    ground: 'sentinel',
    times: 2,
    happen: killMaster,
  },
  {
    ...FAILOVER,
    name: "Redis Cluster: a shard's master killed",
    ground: 'cluster',
    times: 2,
    happen: killShard,
  },
  { ...FAILOVER, name: 'Redis Cluster: a slot moved', ground: 'cluster', times: 2, happen: moveSlots },
];
