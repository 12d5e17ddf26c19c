import { setTimeout as pause } from 'node:timers/promises';
import { sendDueMessages, type DueMessageDeps } from './due-messages.ts';

const PAUSE_MS = 1_000;

export interface KeepSending {
  /** Ends it; what is being published then is finished first. */
  readonly signal: AbortSignal;
  /** Called with the first error of an outage. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * Publishes due messages every second (O4, V5), whatever happens. Several processes may do so at once, because one
 * published twice is one message. Resolves after the signal; never rejects.
 */
export async function keepSendingDueMessages(
  deps: DueMessageDeps,
  { signal, onTrouble }: KeepSending,
): Promise<void> {
  let isTold = false;
  for (;;) {
    // Before the first round too: when a process starts, its connections are not there yet.
    await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await sendDueMessages(deps);
      isTold = false;
    } catch (error) {
      if (!isTold) onTrouble(error instanceof Error ? error : new Error(String(error)));
      isTold = true;
    }
  }
}
