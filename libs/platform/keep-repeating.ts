import { setTimeout as pause } from 'node:timers/promises';

export interface KeepRepeating {
  /** How long to pause before each round, in milliseconds. */
  readonly everyMs: number;
  /** Ends it; a round under way is finished first. */
  readonly signal: AbortSignal;
  /** Called with the first error of an outage. */
  readonly onTrouble: (error: Error) => void;
}

/** Does a round of work again and again, whatever happens. Resolves after the signal; never rejects. */
export async function keepRepeating(
  round: () => Promise<unknown>,
  { everyMs, signal, onTrouble }: KeepRepeating,
): Promise<void> {
  let isTold = false;
  for (;;) {
    // Before the first round too: when a process starts, its connections are not there yet.
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await round();
      isTold = false;
    } catch (error) {
      if (!isTold) onTrouble(error instanceof Error ? error : new Error(String(error)));
      isTold = true;
    }
  }
}
