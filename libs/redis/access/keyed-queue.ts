import { RedisError } from '../connection/redis-error.ts';

/** Runs one call for a key at a time, in their order. */
export interface KeyedQueue {
  run<T>(key: string, call: () => Promise<T>): Promise<T>;
  /** Whether a call for that key would have to wait. */
  isBusy(key: string): boolean;
}

/**
 * Creates queues by key. A call for a key that `mostWaiting` others wait for rejects with `REDIS_BUSY`, so that a flood
 * takes no more memory and no more time than that.
 */
export function createKeyedQueue(doing: string, mostWaiting: number): KeyedQueue {
  const queues = new Map<string, { last: Promise<unknown>; length: number }>();
  return {
    isBusy: (key) => queues.has(key),
    async run(key, call) {
      const queue = queues.get(key) ?? { last: Promise.resolve(), length: 0 };
      if (queue.length > mostWaiting)
        throw new RedisError('REDIS_BUSY', `${doing}: too many wait for the same`);
      queues.set(key, queue);
      queue.length += 1;
      const result = queue.last.then(call);
      queue.last = result.catch(() => undefined);
      try {
        return await result;
      } finally {
        queue.length -= 1;
        if (queue.length === 0) queues.delete(key);
      }
    },
  };
}
