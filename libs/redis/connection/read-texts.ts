import { Cluster } from 'ioredis';
import { isRedirection, masterOf, nodeAt } from './cluster-nodes.ts';
import { answered, type RedisConnection } from './connect-redis.ts';

/**
 * Reads the strings of many keys, in their order, null where there is none. Uses one MGET, or in a cluster, where all keys
 * of a command must share a slot, a pipeline of GETs to each master. Rejects with a `RedisError`.
 */
export async function readTexts(
  { client }: RedisConnection,
  doing: string,
  keys: readonly string[],
): Promise<(string | null)[]> {
  if (keys.length === 0) return [];
  return answered(client, doing, () =>
    client instanceof Cluster ? readFromMasters(client, keys) : client.mget(...keys),
  );
}

async function readFromMasters(cluster: Cluster, keys: readonly string[]): Promise<(string | null)[]> {
  const masters = Map.groupBy(keys, (key) => masterOf(cluster, key));
  const found = new Map<string, string | null>();
  const readAll = async ([master, of]: [string, string[]]): Promise<void> => {
    const replies = await nodeAt(cluster, master)
      ?.pipeline(of.map((key) => ['get', key]))
      .exec();
    await Promise.all(
      of.map(async (key, index) => {
        const [error, text] = replies?.[index] ?? [];
        if (error && !isForTheCluster(error)) throw error;
        // One by one, because after an ASK ioredis repeats a whole pipeline on the other node.
        found.set(key, error || text === undefined ? await cluster.get(key) : (text as string | null));
      }),
    );
  };
  await Promise.all([...masters].map(readAll));
  return keys.map((key) => found.get(key) ?? null);
}

/** Errors that the cluster client handles by redirection or retry. */
function isForTheCluster(error: Error): boolean {
  return isRedirection(error) || /^CLUSTERDOWN |^Connection is closed/.test(error.message);
}
