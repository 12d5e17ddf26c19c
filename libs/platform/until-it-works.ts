import { setTimeout as pause } from 'node:timers/promises';

export interface UntilItWorks {
  /** Ends the waiting: it then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called with each failure before a retry. */
  readonly onFailure: (error: Error) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Retries `act`, with pauses of 0.2 to 2 s, until it resolves: a server that is unavailable at start comes back.
 * Rejects with the first error that is not `retryable: true`, because a person has to fix that.
 */
export async function untilItWorks<T>(
  act: () => Promise<T>,
  { signal, onFailure }: UntilItWorks,
): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Error) || Reflect.get(error, 'retryable') !== true) throw error;
      onFailure(error);
    }
    await pause(pauseMs, undefined, { signal });
  }
}

/** The exit code of a process: 78 (wrong configuration) for one of our errors that retrying cannot fix, else 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Error && Reflect.get(error, 'retryable') === false ? 78 : 1;
}
