import type { LimitFunction } from 'p-limit';

/** What waits for its turn; without `work` nothing is left to do when it comes. */
interface Waiting<T> {
  work: (() => Promise<T>) | undefined;
}

/**
 * Does `work` when a turn comes free, or resolves with `unused` as soon as `signal` aborts before that. p-limit cannot
 * take one function out of its queue, so what stays there until its turn must hold nothing: neither the work, which
 * holds a whole batch of records, nor the signal, whose listeners may.
 */
export async function inTurn<T>(
  turns: LimitFunction,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | 'unused'> {
  if (signal.aborted) return 'unused';
  const waiting: Waiting<T> = { work };
  const left = Promise.withResolvers<'unused'>();
  const leave = (): void => {
    if (!waiting.work) return;
    waiting.work = undefined;
    left.resolve('unused');
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([turns(begin<T>, waiting), left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function begin<T>(waiting: Waiting<T>): Promise<T | 'unused'> {
  const { work } = waiting;
  waiting.work = undefined;
  return work ? work() : 'unused';
}
