import slotOf from 'cluster-key-slot';
import type { Cluster, Redis } from 'ioredis';

/** The probe's key expires, so that none is left on a server that is no longer used. */
const KEPT_MS = 60_000;
const SLOTS = 16_384;
const MAX_TAGS = 1_000;

/** Writes a tiny key. PING would succeed on a demoted master and on a full or read-only server. */
export async function probeMaster(client: Redis, keyPrefix: string): Promise<void> {
  await client.set(`${keyPrefix}probe`, '', 'PX', KEPT_MS);
}

/** Writes on every master of a cluster. Rejects when one of them is down or some slots have no master. */
export async function probeCluster(client: Cluster, keyPrefix: string): Promise<void> {
  const masters = new Set(client.slots.flatMap(([master]) => (master === undefined ? [] : [master])));
  const served = client.slots.filter(([master]) => master !== undefined).length;
  if (served < SLOTS) throw new Error(`${SLOTS - served} of ${SLOTS} slots are served by no master`);
  const tags = tagsOf(client, masters);
  await Promise.all(tags.map((tag) => client.set(`${keyPrefix}probe:{${tag}}`, '', 'PX', KEPT_MS)));
}

/** Finds a hash tag for each master. */
function tagsOf(client: Cluster, masters: ReadonlySet<string>): string[] {
  const found = new Map<string, string>();
  for (let number = 0; found.size < masters.size && number < MAX_TAGS; number += 1) {
    const tag = String(number);
    const master = client.slots[slotOf(tag)]?.[0];
    if (master !== undefined && !found.has(master)) found.set(master, tag);
  }
  if (found.size < masters.size) throw new Error('a master serves too few slots to be probed');
  return [...found.values()];
}
