/** What is under way at an interruption has so long to come to its end. */
const LAST_MS = 1_000;

/**
 * Resolves or rejects as `work` does; when `signal` is aborted, rejects with its reason after a last while, whatever `work`
 * still waits for: a client waits long for a server that is away or frozen.
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
