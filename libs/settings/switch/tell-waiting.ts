import type { SwitchPlace } from './switch-state.ts';
import { tellSwitch, type TellDeps } from './tell-switch.ts';

/**
 * Tells the switch what waits (V5), whoever saved it, as long as that helps. Several processes may do so at once. Rejects
 * with the first error, when all others are told: one place does not hold up another.
 */
export async function tellWaiting(deps: TellDeps, signal: AbortSignal): Promise<void> {
  const tell = (place: SwitchPlace): Promise<boolean> => tellSwitch(deps, place, signal);
  for (;;) {
    const results = await Promise.allSettled((await deps.outbox.waiting()).map(tell));
    if (signal.aborted) return;
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    const hasHelped = results.some((result) => result.status === 'fulfilled' && result.value);
    if (!hasHelped) return;
  }
}
