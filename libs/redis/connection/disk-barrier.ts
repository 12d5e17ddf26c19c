import slotOf from 'cluster-key-slot';
import type { Cluster, Redis } from 'ioredis';
import type { Durability } from './check-durability.ts';
import { answered, type RedisConnection } from './connect-redis.ts';
import { RedisError } from './redis-error.ts';

/** Whether a server can report that a write is on disk, of those facts that `checkDurability` finds. */
export type DiskFacts = Pick<Durability, 'canAwaitDisk'>;

/**
 * Resolves when the keys, which were written since the barrier was begun, are on disk; rejects with
 * `REDIS_NOT_DURABLE` when that is not known.
 */
type OnDisk = (written: Iterable<string>) => Promise<void>;

/** Waits until writes are on disk. */
export interface DiskBarrier {
  /** Is called before a write; what it resolves to, after it. Rejects with a `RedisError`. */
  begin(): Promise<OnDisk>;
  close(): Promise<void>;
}

const PATIENCE_MS = 4_000;

/** For servers whose writes are on disk before they reply (`appendfsync always`). */
const NO_BARRIER: DiskBarrier = { begin: async () => async () => undefined, close: async () => undefined };

/**
 * A barrier for the server at hand. Where it can report that a write is on disk, that is waited for on a separate
 * connection, which `close` closes. A function is called before the first write, and again after it rejected, so that a
 * barrier can be created while Redis is unavailable.
 */
export function createDiskBarrier(
  redis: RedisConnection,
  durability: DiskFacts | (() => Promise<DiskFacts>),
): DiskBarrier {
  const ask = typeof durability === 'function' ? durability : () => Promise.resolve(durability);
  let asked: Promise<DiskBarrier> | undefined;
  const barrier = (): Promise<DiskBarrier> =>
    (asked ??= ask().then(
      ({ canAwaitDisk }) => (canAwaitDisk ? createWaitingBarrier(redis) : NO_BARRIER),
      (error: unknown) => {
        asked = undefined;
        throw error;
      },
    ));
  return {
    begin: async () => (await barrier()).begin(),
    close: async () => (await asked?.catch(() => undefined))?.close(),
  };
}

/**
 * Waits with WAITAOF (Redis 7.2). It blocks its connection, so it has a separate one, and all callers that wait for the
 * same node share a call. WAITAOF covers only writes of its own connection, so a write is made there first: in the
 * node's single order of writes it comes after those waited for.
 */
function createWaitingBarrier(redis: RedisConnection): DiskBarrier {
  const waiting = redis.duplicate(PATIENCE_MS + 1_000);
  const barriers = new Map<string, (key: string) => Promise<void>>();
  const reached = async (key: string): Promise<void> => {
    const node = nodeOf(waiting.client, key);
    const barrier = barriers.get(node) ?? together((one) => reachDisk(waiting, one));
    barriers.set(node, barrier);
    await barrier(key);
  };
  return {
    async begin() {
      await waiting.ready(PATIENCE_MS);
      const before = redis.interruptions() + waiting.interruptions();
      return async (written) => {
        await Promise.all([...written].map(reached));
        // A server that restarted meanwhile may have lost writes that it acknowledged before.
        if (redis.interruptions() + waiting.interruptions() !== before)
          throw notDurable('the connection was interrupted');
      };
    },
    close: () => waiting.close(),
  };
}

function nodeOf(client: Redis | Cluster, key: string): string {
  return 'slots' in client ? (client.slots[slotOf(key)]?.[0] ?? 'unknown') : 'single';
}

async function reachDisk({ client }: RedisConnection, key: string): Promise<void> {
  const results = await answered(client, 'waiting for the disk', () =>
    client
      .pipeline()
      .set(`${key}:disk`, '', 'PX', 60_000)
      .call('WAITAOF', '1', '0', String(PATIENCE_MS))
      .exec(),
  );
  for (const [error] of results ?? []) if (error) throw notDurable(error.message, error);
  const reply = results?.[1]?.[1];
  if (!Array.isArray(reply) || reply[0] !== 1) throw notDurable(`not on disk after ${PATIENCE_MS} ms`);
}

function notDurable(why: string, cause?: unknown): RedisError {
  return new RedisError('REDIS_NOT_DURABLE', `waiting for the disk: ${why}`, cause);
}

/** Makes callers share a run: those that come during one wait for the next, which starts after their writes. */
function together(run: (key: string) => Promise<void>): (key: string) => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = (key: string): Promise<void> => {
    running = run(key).finally(() => {
      running = undefined;
    });
    return running;
  };
  return (key) => {
    if (!running) return start(key);
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return start(key);
      });
    return next;
  };
}
