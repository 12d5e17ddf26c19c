import { RECOVERY_TARGETS, type Fault } from '../fault.ts';
import type { NotifierProcess } from '../notifier-process.ts';
import type { Scene } from '../scene.ts';

/** How long a supervisor takes to restart a process. */
const SUPERVISOR_MS = 500;
/** Beyond the session timeout of 10 s, after which the group reassigns the partitions. */
const FROZEN_MS = 14_000;
/** A killed worker's partitions are reassigned after the session timeout. */
const TAKEOVER_MS = 11_000;
const CALM = { ground: 'calm', notifiers: 2, rounds: 20, targetMs: RECOVERY_TARGETS.workerDead } as const;

function anyOf({ notifiers, random }: Scene): NotifierProcess {
  const notifier = notifiers[random.between(0, notifiers.length - 1)];
  if (!notifier) throw new Error('No notifier runs');
  return notifier;
}

/** Mails are in flight for longer than the commit interval, so that a premature commit would lose them. */
async function killAndStart(scene: Scene, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    scene.mail.beSlow();
    await scene.passBetween(1_500, 3_000);
    await scene.kill(anyOf(scene));
    scene.mail.behave();
    scene.healed();
    await scene.pass(SUPERVISOR_MS);
    await scene.startNotifier();
    await scene.pass(TAKEOVER_MS);
  }
}

async function termAndStart(scene: Scene, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await scene.passBetween(200, 1_500);
    const code = await scene.stop(anyOf(scene));
    if (code !== 0) throw new Error(`A notifier ended with ${code} after SIGTERM`);
    scene.healed();
    await scene.startNotifier();
  }
}

/** The frozen notifier has claimed mails and not begun to send them; others take them over before it wakes up. */
async function freezeAndThaw(scene: Scene): Promise<void> {
  scene.mail.beSlow();
  await scene.passBetween(1_500, 3_000);
  const notifier = anyOf(scene);
  notifier.freeze();
  scene.mail.behave();
  scene.healed();
  await scene.pass(FROZEN_MS);
  notifier.thaw();
  await scene.pass(3_000);
}

async function joinAndLeave(scene: Scene): Promise<void> {
  while (scene.notifiers.length < 4) await scene.startNotifier();
  await scene.passBetween(500, 2_000);
  while (scene.notifiers.length > 1) {
    await scene.stop(anyOf(scene));
    await scene.passBetween(0, 1_000);
  }
  scene.healed();
  await Promise.all([scene.startNotifier(), scene.startNotifier()]);
}

/** Faults of the notifiers themselves. */
export const NOTIFIER_FAULTS: readonly Fault[] = [
  {
    ...CALM,
    name: 'SIGKILL of one of two notifiers',
    times: 2,
    rounds: 60,
    happen: (scene) => killAndStart(scene, 2),
  },
  {
    ...CALM,
    name: 'SIGKILL of the only notifier',
    times: 1,
    rounds: 40,
    notifiers: 1,
    happen: (scene) => killAndStart(scene, 1),
  },
  { ...CALM, name: 'SIGTERM of a notifier', times: 3, happen: (scene) => termAndStart(scene, 3) },
  {
    ...CALM,
    name: 'SIGSTOP, SIGCONT of a notifier',
    times: 1,
    happen: freezeAndThaw,
  },
  { ...CALM, name: 'notifiers join and leave', times: 8, notifiers: 1, happen: joinAndLeave },
];
