import { setTimeout as pause } from 'node:timers/promises';
import type { SettingsRepository } from './settings-repository.ts';

const PAUSE_MS = 5_000;

/**
 * Finishes every few seconds what a process that died has left of an edit of many numbers (C14). Several processes may do so at the same time. Resolves after the signal; never rejects. `onTrouble` is called with the
 * first error of an outage.
 */
export async function keepSettlingEdits(
  { settleEdits }: Pick<SettingsRepository, 'settleEdits'>,
  { signal, onTrouble }: { readonly signal: AbortSignal; readonly onTrouble: (error: Error) => void },
): Promise<void> {
  let isTold = false;
  for (;;) {
    // Before the first round too: when a process starts, its connections are not there yet.
    await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await settleEdits();
      isTold = false;
    } catch (error) {
      if (!isTold) onTrouble(error instanceof Error ? error : new Error(String(error)));
      isTold = true;
    }
  }
}
