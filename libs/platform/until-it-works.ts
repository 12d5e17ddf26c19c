import { setTimeout as pause } from 'node:timers/promises';

export interface UntilItWorks {
  /** Ends the waiting; then it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Told of each failure that is tried again. */
  readonly onFailure: (error: Error) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Does it again, with pauses of 0.2 to 2 s, until it resolves: a server that is away at start comes back. Rejects with
 * the first error that does not say `retryable: true`: what no retry mends, a person has to.
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

/** What a process ends with: 78 (wrong configuration) for an error of ours that no retry helps against, else 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof Error && Reflect.get(error, 'retryable') === false ? 78 : 1;
}
