import { existsSync } from 'node:fs';
import { freePorts } from '../../../tools/stack/free-ports.ts';
import { dataFolder, startServer, type ServerPlan } from '../../../tools/stack/server.ts';
import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { Scene } from '../scene.ts';
import { fillDisk } from '../small-disk.ts';

const FULL_DEVICE = '/dev/full';
const TIGHT = { ground: 'tight', times: 1, rounds: 5 } as const;

/** Fills the disk under a server's data, then frees it and, like a supervisor, restarts the server if it died. */
async function fill(scene: Scene, plan: ServerPlan | undefined): Promise<void> {
  if (!plan) throw new Error('No such server');
  const makeRoom = await fillDisk(dataFolder(plan.folder));
  await scene.passBetween(3_000, 5_000);
  await makeRoom();
  await startServer(plan);
  scene.healed();
  await scene.pass(8_000);
}

async function writeToFullDevice(scene: Scene): Promise<void> {
  const [port = 0] = await freePorts(1);
  await scene.replaceFirst({ output: { file: FULL_DEVICE, port } });
  // An outage gives the notifier something to log.
  await scene.mail.down();
  await scene.pass(2_000);
  await scene.mail.up();
  scene.healed();
  await scene.pass(6_000);
}

/** Full disks. */
export const DISK_FAULTS: readonly Fault[] = [
  {
    ...TIGHT,
    name: 'full disk under Redis',
    targetMs: RECOVERY_TARGETS.serverBack,
    happen: (scene) => fill(scene, scene.ground.redis),
  },
  {
    ...TIGHT,
    name: 'full disk under Kafka',
    targetMs: RECOVERY_TARGETS.brokerBack,
    happen: (scene) => fill(scene, scene.ground.brokers[0]),
  },
  {
    name: 'full disk under our own output',
    ground: 'calm',
    times: 1,
    rounds: 5,
    targetMs: RECOVERY_TARGETS.serverBack,
    happen: writeToFullDevice,
    missing: async () => (existsSync(FULL_DEVICE) ? undefined : `${FULL_DEVICE} is not there`),
  },
];
