import slotOf from 'cluster-key-slot';
import { Cluster, type Redis } from 'ioredis';

/** The master of a key's slot as `host:port`, as far as known; '' without a cluster. */
export function masterOf(client: Redis | Cluster, key: string): string {
  return client instanceof Cluster ? (client.slots[slotOf(key)]?.[0] ?? '') : '';
}

/** The connection to a master; `undefined` when it no longer is one. */
export function nodeAt(cluster: Cluster, master: string): Redis | undefined {
  return cluster.nodes('master').find(({ options }) => `${options.host}:${options.port}` === master);
}

/** Whether an error says that the key's slot is on another node or migrating. The cluster client follows these. */
export function isRedirection(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|ASK|TRYAGAIN) /.test(error.message);
}
