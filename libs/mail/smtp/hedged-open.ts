/**
 * Hedged requests: starts another `open` every `everyMs` milliseconds beside those in progress and resolves with the
 * first result. An attempt stuck in a queue of the server thus delays no later one. At most `most` are in progress: the
 * first always stays, because a slow server needs its time, and the oldest of the others makes way. `open` must never
 * reject, and must end when its signal aborts.
 */
export async function hedgedOpen<T>(
  open: (signal: AbortSignal) => Promise<T>,
  { everyMs, most }: { readonly everyMs: number; readonly most: number },
): Promise<T> {
  const attempts: AbortController[] = [];
  const first = Promise.withResolvers<T>();
  const start = (): void => {
    if (attempts.length >= most) attempts.splice(1, 1)[0]?.abort();
    const attempt = new AbortController();
    attempts.push(attempt);
    void open(attempt.signal).then((result) => {
      if (attempts.includes(attempt)) first.resolve(result);
    });
  };
  start();
  const timer = setInterval(start, everyMs);
  try {
    return await first.promise;
  } finally {
    clearInterval(timer);
    for (const attempt of attempts.splice(0)) attempt.abort();
  }
}
