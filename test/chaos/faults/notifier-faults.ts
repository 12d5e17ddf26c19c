import type { Fault } from '../fault.ts';
import type { NotifierProcess } from '../notifier-process.ts';
import type { Scene } from '../scene.ts';

const SUPERVISOR_MS = 500;

function anyOf({ notifiers, random }: Scene): NotifierProcess {
  const notifier = notifiers[random.between(0, notifiers.length - 1)];
  if (!notifier) throw new Error('No notifier runs');
  return notifier;
}

/** What happens to the notifiers themselves. */
export const NOTIFIER_FAULTS: readonly Fault[] = [
  {
    name: 'SIGKILL of one of two notifiers',
    ground: 'calm',
    times: 3,
    rounds: 40,
    notifiers: 2,
    happen: async (scene) => {
      for (let time = 0; time < 3; time += 1) {
        await scene.passBetween(200, 1_500);
        await scene.kill(anyOf(scene));
        scene.healed();
        await scene.pass(SUPERVISOR_MS);
        await scene.startNotifier();
      }
      await scene.pass(10_000);
    },
  },
];
