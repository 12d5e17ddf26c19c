import { setTimeout as pause } from 'node:timers/promises';
import { tellSwitch, type TellDeps } from './tell-switch.ts';
import type { SwitchPlace } from './switch-state.ts';

const PAUSE_MS = 1_000;

export interface KeepTelling {
  /** Ends it; what is being published then is finished first. */
  readonly signal: AbortSignal;
  /** Called with the first error of an outage. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * Tells the switch what is new (V5): at once what this process writes, and every second what others have left behind.
 * Several processes may do so at once. Resolves after the signal; never rejects.
 */
export async function keepTellingSwitch(deps: TellDeps, { signal, onTrouble }: KeepTelling): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  deps.outbox.onNews((place) => {
    if (signal.aborted) return;
    // What fails here is told, and complained of, by the next round.
    const telling = tellSwitch(deps, place, signal).catch(() => false);
    underWay.add(telling);
    void telling.then(() => underWay.delete(telling));
  });
  let isTold = false;
  for (;;) {
    // Before the first round too: when a process starts, its connections are not there yet.
    await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const error = await tellAll(deps, signal);
    if (error && !isTold && !signal.aborted) onTrouble(error);
    isTold = error !== undefined;
  }
  await Promise.all(underWay);
}

/** Tells what waits, as long as that helps. Resolves with the first error; one place does not hold up another. */
async function tellAll({ outbox, ...deps }: TellDeps, signal: AbortSignal): Promise<Error | undefined> {
  const tell = (place: SwitchPlace): Promise<boolean> => tellSwitch({ outbox, ...deps }, place, signal);
  for (;;) {
    const [places] = await Promise.allSettled([outbox.waiting()]);
    if (places.status === 'rejected') return asError(places.reason);
    const results = await Promise.allSettled(places.value.map(tell));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') return asError(failed.reason);
    const hasHelped = results.some((result) => result.status === 'fulfilled' && result.value);
    if (!hasHelped || signal.aborted) return undefined;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
