import { answered, type RedisConnection } from './connect-redis.ts';

/**
 * The strings under many keys, in their order, null where there is none: one MGET, or in a cluster, where the keys lie
 * on many nodes, one GET each, travelling together. Rejects with a `RedisError`.
 */
export async function readTexts(
  { client }: RedisConnection,
  doing: string,
  keys: readonly string[],
): Promise<(string | null)[]> {
  if (keys.length === 0) return [];
  return answered(client, doing, () =>
    client.isCluster ? Promise.all(keys.map((key) => client.get(key))) : client.mget(...keys),
  );
}
