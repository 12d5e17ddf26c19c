import { once } from 'node:events';
import { tellSwitch, type TellDeps } from './tell-switch.ts';

/**
 * Tells the switch at once what this process saves (V5). Resolves after the signal, when what is being published then is
 * finished; never rejects. What fails is left to `tellWaiting`.
 */
export async function tellNews(deps: TellDeps, signal: AbortSignal): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  deps.outbox.onNews((place) => {
    if (signal.aborted) return;
    const telling = tellSwitch(deps, place, signal).catch(() => false);
    underWay.add(telling);
    void telling.then(() => underWay.delete(telling));
  });
  if (!signal.aborted) await once(signal, 'abort');
  await Promise.all(underWay);
}
