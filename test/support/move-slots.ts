import { nodeId } from './redis-cluster.ts';
import { withRedisAt, type RedisNode } from './redis-node.ts';

/** A move of Redis Cluster slots from one master to another. */
interface SlotMove {
  readonly slots: readonly number[];
  readonly from: RedisNode;
  readonly to: RedisNode;
}

type Command = readonly (string | number)[];

const MOST_KEYS = 1_000;
const MIGRATE_MS = 5_000;

/** Begins a move: for missing keys, clients are redirected to the target (ASK). */
export async function beginMove({ slots, from, to }: SlotMove): Promise<void> {
  const [source, target] = await Promise.all([nodeId(from), nodeId(to)]);
  await all(to, slots, (slot) => ['CLUSTER', 'SETSLOT', slot, 'IMPORTING', source]);
  await all(from, slots, (slot) => ['CLUSTER', 'SETSLOT', slot, 'MIGRATING', target]);
}

/** Migrates the keys that the slots hold now. */
export async function moveKeys({ slots, from, to }: SlotMove): Promise<void> {
  const keys = await all(from, slots, (slot) => ['CLUSTER', 'GETKEYSINSLOT', slot, MOST_KEYS]);
  const filled = keys.filter((of): of is string[] => Array.isArray(of) && of.length > 0);
  await all(from, filled, (of) => ['MIGRATE', '127.0.0.1', to.port, '', 0, MIGRATE_MS, 'KEYS', ...of]);
}

/** Ends a move: the target owns the slots, and the source redirects clients to it (MOVED). */
export async function endMove({ slots, from, to }: SlotMove): Promise<void> {
  const target = await nodeId(to);
  for (const node of [to, from])
    await all(node, slots, (slot) => ['CLUSTER', 'SETSLOT', slot, 'NODE', target]);
}

/** Sends a command for each item in one pipeline; rejects with the first error. */
function all<T>(
  { port }: RedisNode,
  items: readonly T[],
  commandOf: (item: T) => Command,
): Promise<unknown[]> {
  return withRedisAt(port, (redis) =>
    Promise.all(
      items.map((item) => {
        const [name = '', ...args] = commandOf(item);
        return redis.call(String(name), ...args);
      }),
    ),
  );
}
