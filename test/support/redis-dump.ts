import { keysOf, openRedis } from '../integration/redis-for-test.ts';

/** The names and serialized values of every key under a prefix, as one Latin-1 text to search. */
export async function redisDump(keyPrefix: string): Promise<string> {
  const keys = await keysOf(await openRedis({ keyPrefix }));
  const dumps = await Promise.all(keys.map(({ key, node }) => node.dumpBuffer(key)));
  return [...keys.map(({ key }) => key), ...dumps.map((dump) => dump?.toString('latin1') ?? '')].join('\n');
}
