import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  dataFolder,
  killServer,
  startServer,
  stopServer,
  type ServerPlan,
} from '../../../tools/stack/server.ts';
import { decodeSwitchCommand, RETRY_TOPICS, SWITCH_COMMANDS_TOPIC } from '#events';
import { faultEvent } from '../event-stream.ts';
import { RECOVERY_TARGETS, type Fault, type MoreFindings } from '../fault.ts';
import type { Scene } from '../scene.ts';
import { subscriberWithTransfer } from '../subscribers.ts';
import { writeEverything } from '../write-everything.ts';
import { freezeServer } from './freeze-server.ts';
import { checkPoison, publishPoison } from './poison.ts';

const ONE = { ground: 'kafka', rounds: 8, targetMs: RECOVERY_TARGETS.brokerBack } as const;
const THREE = { ground: 'three', rounds: 10, targetMs: RECOVERY_TARGETS.brokerDead } as const;

function broker({ ground }: Pick<Scene, 'ground'>, index: number): ServerPlan {
  const plan = ground.brokers[index % ground.brokers.length];
  if (!plan) throw new Error('No broker runs');
  return plan;
}

async function killAndStart(scene: Scene): Promise<void> {
  await scene.passBetween(200, 1_500);
  await killServer(broker(scene, 0).folder);
  await scene.passBetween(500, 2_000);
  await startServer(broker(scene, 0));
  scene.healed();
  await scene.pass(8_000);
}

async function stopAndStart(scene: Scene): Promise<void> {
  await stopServer(broker(scene, 0).folder);
  await startServer(broker(scene, 0));
  scene.healed();
  await scene.pass(8_000);
}

async function freezeAndThaw(scene: Scene): Promise<void> {
  await freezeServer(scene, broker(scene, 0), [5_000, 7_000]);
  await scene.pass(8_000);
}

async function killOneOfThree(scene: Scene, plan: ServerPlan): Promise<void> {
  await scene.passBetween(200, 1_500);
  await killServer(plan.folder);
  scene.healed();
  await scene.pass(12_000);
  await startServer(plan);
  await scene.pass(3_000);
}

/** Reads the active controller from the brokers' files, because KRaft names an arbitrary broker to clients. */
async function controllerOf({ ground }: Scene): Promise<ServerPlan> {
  const states = await Promise.all(
    ground.brokers.map(async ({ folder }) => {
      const file = path.join(dataFolder(folder), '__cluster_metadata-0', 'quorum-state');
      return JSON.parse(await readFile(file, 'utf8')) as { leaderId: number; leaderEpoch: number };
    }),
  );
  const newest = states.reduce((best, state) => (state.leaderEpoch > best.leaderEpoch ? state : best));
  return broker({ ground }, newest.leaderId - 1);
}

async function killController(scene: Scene): Promise<void> {
  await killOneOfThree(scene, await controllerOf(scene));
}

const FAULTS_A_KILL = 10;

/** Kills every broker in turn while all topics are written: retries, dead letters, commands, outcomes and events. */
async function killLeaders(scene: Scene): Promise<void> {
  scene.mail.misbehave({ at: 'rcpt', does: 450, share: 0.2, once: true });
  const over = new AbortController();
  const writing = writeEverything(scene, over.signal);
  try {
    await killEach(scene);
  } finally {
    over.abort();
    await writing;
  }
  scene.mail.behave();
  scene.healed();
}

async function killEach(scene: Scene): Promise<void> {
  for (const [index, plan] of scene.ground.brokers.entries()) {
    const killed = killServer(plan.folder);
    const poisoned = publishPoison(scene);
    for (let line = index * FAULTS_A_KILL; line < (index + 1) * FAULTS_A_KILL; line += 1)
      void scene.stream.publish(faultEvent(faultId(scene, line), subscriberWithTransfer(line)));
    await Promise.all([killed, poisoned]);
    await scene.pass(7_000);
    await startServer(plan);
    await scene.pass(3_000);
  }
}

function faultId({ name }: Scene, line: number): string {
  return `${name}-fault-${line}`;
}

/** Each acknowledged fault must have started its line's transfer, and each poison record must be a dead letter. */
async function checkCommands(scene: Scene): Promise<MoreFindings> {
  const commands = await scene.kafka.read(SWITCH_COMMANDS_TOPIC);
  const because = new Set(
    commands.map((record) => {
      const read = decodeSwitchCommand(record);
      return read.ok && read.value.kind === 'bulk-transfer' ? read.value.because : '';
    }),
  );
  const missing = scene.stream.acknowledged
    .filter(({ id }) => id.includes('-fault-') && !because.has(id))
    .map(({ id }) => `${id}: no command to the switch`);
  const poison = await checkPoison(scene);
  const compared = `${scene.acknowledged.count} acknowledged ids compared with the log`;
  return {
    lost: [...missing, ...(await withoutRetry(scene)), ...poison.lost],
    notes: [compared, ...poison.notes],
  };
}

/** Each temporarily refused recipient must have a record in a retry topic. */
async function withoutRetry({ mail, stream, kafka }: Scene): Promise<string[]> {
  const waited = new Set<string>();
  for (const topic of RETRY_TOPICS)
    for (const { headers } of await kafka.read(topic))
      waited.add(`${String(headers['ce_id'])} ${String(headers['retry-address'])}`);
  const refused = new Set(mail.refusals.map(({ address }) => address));
  return stream.acknowledged.flatMap(({ id, addresses }) =>
    addresses
      .filter((address) => refused.has(address) && !waited.has(`${id} ${address}`))
      .map((address) => `${id}: ${address} was refused temporarily, but is in no retry topic`),
  );
}

/** Faults of Kafka. */
export const KAFKA_FAULTS: readonly Fault[] = [
  { ...ONE, name: 'Kafka: the broker killed, started again', times: 1, happen: killAndStart },
  { ...ONE, name: 'Kafka: the broker restarted', times: 1, happen: stopAndStart },
  { ...ONE, name: 'Kafka: the broker frozen', times: 1, happen: freezeAndThaw },
  {
    ...THREE,
    name: 'Kafka: one of three brokers killed',
    times: 1,
    happen: (scene) => killOneOfThree(scene, broker(scene, scene.random.between(0, 2))),
  },
  { ...THREE, name: 'Kafka: the controller killed', times: 1, happen: killController },
  {
    ...THREE,
    name: 'Kafka: leaders killed, all topics written',
    times: 3,
    happen: killLeaders,
    check: checkCommands,
  },
];
