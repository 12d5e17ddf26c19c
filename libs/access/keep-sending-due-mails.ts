import { setTimeout as pause } from 'node:timers/promises';
import { sendDueMails, type DueMailDeps } from './due-mails.ts';

const PAUSE_MS = 1_000;

export interface KeepSending {
  /** Ends it; what is being published then is finished first. */
  readonly signal: AbortSignal;
  /** Called with the first error of an outage. */
  readonly onTrouble: (error: Error) => void;
}

/**
 * Publishes due mails every second (O4), whatever happens. Several processes may do so at once, because a mail
 * published twice is one mail. Resolves after the signal; never rejects.
 */
export async function keepSendingDueMails(
  deps: DueMailDeps,
  { signal, onTrouble }: KeepSending,
): Promise<void> {
  let isTold = false;
  for (;;) {
    // Before the first round too: when a process starts, its connections are not there yet.
    await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await sendDueMails(deps);
      isTold = false;
    } catch (error) {
      if (!isTold) onTrouble(error instanceof Error ? error : new Error(String(error)));
      isTold = true;
    }
  }
}
