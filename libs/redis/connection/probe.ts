import slotOf from 'cluster-key-slot';
import type { Cluster, Redis } from 'ioredis';

/** Long enough that a probe finds its key, short enough that a server that was left forgets it. */
const KEPT_MS = 60_000;
const SLOTS = 16_384;
const MOST_TAGS = 1_000;

/** Writes what costs nothing: a demoted master, a full or a read-only server answers PING all the same. */
export async function probeMaster(client: Redis, keyPrefix: string): Promise<void> {
  await client.set(`${keyPrefix}probe`, '', 'PX', KEPT_MS);
}

/** Writes on each master of a cluster; rejects as soon as one of them is away, or slots are served by nobody. */
export async function probeCluster(client: Cluster, keyPrefix: string): Promise<void> {
  const masters = new Set(client.slots.flatMap(([master]) => (master === undefined ? [] : [master])));
  const served = client.slots.filter(([master]) => master !== undefined).length;
  if (served < SLOTS) throw new Error(`${SLOTS - served} of ${SLOTS} slots are served by no master`);
  const tags = tagsOf(client, masters);
  await Promise.all(tags.map((tag) => client.set(`${keyPrefix}probe:{${tag}}`, '', 'PX', KEPT_MS)));
}

/** A hash tag for each master, of a key that lies there. */
function tagsOf(client: Cluster, masters: ReadonlySet<string>): string[] {
  const found = new Map<string, string>();
  for (let number = 0; found.size < masters.size && number < MOST_TAGS; number += 1) {
    const tag = String(number);
    const master = client.slots[slotOf(tag)]?.[0];
    if (master !== undefined && !found.has(master)) found.set(master, tag);
  }
  if (found.size < masters.size) throw new Error('a master serves too few slots to be probed');
  return [...found.values()];
}
