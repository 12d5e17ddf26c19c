import { serverPid, type ServerPlan } from '../../../tools/stack/server.ts';
import type { Scene } from '../scene.ts';

/** Freezes a server (SIGSTOP) for a random time within `range` (ms): its connections stay open and nothing answers. */
export async function freezeServer(
  scene: Scene,
  plan: ServerPlan,
  range: readonly [fromMs: number, toMs: number],
): Promise<void> {
  const pid = await serverPid(plan.folder);
  if (pid === undefined) throw new Error(`${plan.name} is not running`);
  process.kill(pid, 'SIGSTOP');
  try {
    await scene.passBetween(...range);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  scene.healed();
}
