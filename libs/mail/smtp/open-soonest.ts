/**
 * Starts `open` anew every `everyMs` milliseconds, beside those that are under way, and resolves with what the first
 * comes to: who waits in a queue of the server's must not keep waiting who comes when it works again. At most `most` are
 * under way: the first stays, because a slow server needs its time, and of the others the oldest is given up. `open`
 * never rejects and ends when its signal says so.
 */
export async function openSoonest<T>(
  open: (signal: AbortSignal) => Promise<T>,
  { everyMs, most }: { readonly everyMs: number; readonly most: number },
): Promise<T> {
  const underWay: AbortController[] = [];
  const first = Promise.withResolvers<T>();
  const start = (): void => {
    if (underWay.length >= most) underWay.splice(1, 1)[0]?.abort();
    const one = new AbortController();
    underWay.push(one);
    void open(one.signal).then((result) => {
      if (underWay.includes(one)) first.resolve(result);
    });
  };
  start();
  const timer = setInterval(start, everyMs);
  try {
    return await first.promise;
  } finally {
    clearInterval(timer);
    for (const one of underWay.splice(0)) one.abort();
  }
}
