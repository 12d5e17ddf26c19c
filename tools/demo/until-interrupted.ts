/** Time for the work to finish after an interruption. */
const LAST_MS = 1_000;

/**
 * Settles as `work` does. Once `signal` is aborted, `work` gets `lastMs` to finish; then this rejects with the abort
 * reason, because a client may wait very long for a server that is away or frozen.
 */
export async function untilInterrupted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  lastMs = LAST_MS,
): Promise<T> {
  const interrupted = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    timer = setTimeout(() => interrupted.reject(signal.reason as Error), lastMs);
  };
  if (signal.aborted) interrupt();
  else signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
  }
}
