import slotOf from 'cluster-key-slot';
import { Cluster, type Redis } from 'ioredis';

/** The master that a key lies on as far as is known, `host:port`; '' for all keys when there is no cluster. */
export function masterOf(client: Redis | Cluster, key: string): string {
  return client instanceof Cluster ? (client.slots[slotOf(key)]?.[0] ?? '') : '';
}

/** The connection to this master; nothing when it is none any more. */
export function nodeAt(cluster: Cluster, master: string): Redis | undefined {
  return cluster.nodes('master').find(({ options }) => `${options.host}:${options.port}` === master);
}

/** Whether a node has answered that the key is with another one, or on its way there: the cluster follows it. */
export function isRedirection(error: unknown): boolean {
  return error instanceof Error && /^(MOVED|ASK|TRYAGAIN) /.test(error.message);
}
