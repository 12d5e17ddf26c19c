import {
  hasMessagesDue,
  NO_ACCOUNT,
  type Access,
  type AccessStore,
  type Change,
  type Group,
  type Place,
} from '#access';
import { untilUndisturbed, type Again } from '../connection/compare-and-swap.ts';
import type { Backlog } from '#metrics';
import { answered, type RedisConnection } from '../connection/connect-redis.ts';
import { checkDurability } from '../connection/check-durability.ts';
import { createDiskBarrier, type DiskBarrier, type DiskFacts } from '../connection/disk-barrier.ts';
import { createDueSet, type DueSet } from '../connection/due-set.ts';
import { createKeys, type Keys } from '../keys.ts';
import {
  accessFrom,
  changedFields,
  fieldsOf,
  placeFrom,
  placeText,
  type AccessFields,
} from './access-fields.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { createSwapFields, type SwapFields } from './swap-fields.ts';

const DOING = 'writing accounts';

/** How many changes may wait for the accounts of one group, in this process. */
const MOST_WAITING = 300;

/** Tries at numbers of nobody are counted like others', so that nobody can tell them apart, but not for ever. */
const UNKNOWN_KEPT_MS = 3_600_000;

/** The accounts, and how many of them may have messages due. */
export interface StoredAccess extends AccessStore {
  backlog(): Promise<Backlog>;
  close(): Promise<void>;
}

/**
 * The accounts in Redis: one hash for each group, which one script can change (ADR 0027). A durable change waits for the
 * disk (`createDiskBarrier`, which `durability` is for) on a connection that `close` closes. A step may change only the
 * accounts that were asked for, else `change` rejects with a `TypeError`; everything else rejects with a `RedisError`.
 */
export function createAccessStore(
  redis: RedisConnection,
  durability: DiskFacts | (() => Promise<DiskFacts>) = () => checkDurability(redis),
): StoredAccess {
  const keys = createKeys(redis.keyPrefix);
  const disk = createDiskBarrier(redis, durability);
  const due = createDueSet(
    redis,
    { key: keys.accessDue, doing: 'noting what is to be told of logins' },
    { write: placeText, read: placeFrom },
  );
  const swap = createSwapFields(redis, DOING);
  const parts: Parts = { redis, keys, disk, due, swap };
  const queue = createKeyedQueue(DOING, MOST_WAITING);
  const read: AccessStore['read'] = async (group, names) =>
    accessFrom(group, names, await readFields(parts, group, names));
  const change: AccessStore['change'] = async (group, names, step) => {
    // What changes nothing needs no turn: a flood of tries during a wait (A3) holds nobody up.
    if (queue.isBusy(group)) {
      const { result, ...change } = step(await read(group, names));
      if (changedFields(change).size === 0) return result;
    }
    const { result, onDisk } = await queue.run(group, () =>
      untilUndisturbed(DOING, () => tryChange(parts, group, names, step)),
    );
    await onDisk?.();
    return result;
  };
  return {
    read,
    change,
    ...pointerMethods(redis, keys),
    withMessagesDue: () => due.some(),
    backlog: () => due.backlog(),
    noMessagesDue: (place) => noMessagesDue(due, change, place),
    close: () => disk.close(),
  };
}

interface Parts {
  readonly redis: RedisConnection;
  readonly keys: Keys;
  readonly disk: DiskBarrier;
  readonly due: DueSet<Place>;
  readonly swap: SwapFields;
}

async function readFields(
  { redis: { client }, keys }: Parts,
  group: Group,
  names: readonly string[],
): Promise<AccessFields> {
  const fields = fieldsOf(names);
  const texts = await answered(client, 'reading accounts', () => client.hmget(keys.access(group), ...fields));
  return new Map(fields.map((field, index) => [field, texts[index] ?? null]));
}

/** A change that was made; `onDisk` waits until it is on disk, where it has to be. */
interface Changed<R> {
  readonly result: R;
  readonly onDisk?: () => Promise<void>;
}

/** Tries once to change accounts. What was read is compared with what is there, also where it stays as it is. */
async function tryChange<R>(
  parts: Parts,
  group: Group,
  names: readonly string[],
  step: (access: Access) => Change<R>,
): Promise<Changed<R> | Again> {
  const { keys, disk, due, swap } = parts;
  const read = await readFields(parts, group, names);
  const { result, durable, ...change } = step(accessFrom(group, names, read));
  const changed = changedFields(change);
  if (changed.size === 0) return { result };
  if ([...changed.keys()].some((field) => !read.has(field)))
    throw new TypeError('the step changes an account that was not asked for');
  const places = [...(change.accounts ?? [])]
    .filter(([, account]) => account && hasMessagesDue(account))
    .map(([name]) => ({ group, name }));
  const barrier = durable ? await disk.begin() : undefined;
  // Before the change: a crash in between leaves a place without a message due, not one that nobody looks for.
  await due.add(places);
  const key = keys.access(group);
  const swaps = [...read].map(([field, before]) => {
    const after = changed.get(field);
    return { field, before, after: after === undefined ? before : after };
  });
  const keptMs = group.startsWith('unknown:') ? UNKNOWN_KEPT_MS : undefined;
  if (!(await swap(key, swaps, keptMs))) return 'again';
  if (!barrier) return { result };
  return { result, onDisk: () => barrier(places.length > 0 ? [due.key, key] : [key]) };
}

/**
 * Forgets that an account may have messages due. A change may be under way that noted the account before its mark was
 * read here, and that writes after the account was found without any. So the account is written anew: that change
 * finds it written, and notes it again before it writes. An account that does not exist needs none: it has no address.
 */
async function noMessagesDue(due: DueSet<Place>, change: AccessStore['change'], place: Place): Promise<void> {
  const { group, name } = place;
  const mark = await due.markOf(place);
  if (mark === null) return;
  const isNoneDue = await change(group, [name], ({ accounts }) => {
    const account = accounts.get(name) ?? NO_ACCOUNT;
    if (hasMessagesDue(account)) return { result: false };
    return { result: true, ...(account === NO_ACCOUNT ? {} : { accounts: new Map([[name, account]]) }) };
  });
  if (isNoneDue) await due.remove(place, mark);
}

type PointerMethods = Pick<AccessStore, 'remember' | 'find' | 'forget'>;

function pointerMethods({ client }: RedisConnection, keys: Keys): PointerMethods {
  const doing = 'finding the account of a secret';
  return {
    async remember(kind, hash, place, ms) {
      const text = JSON.stringify(place);
      await answered(client, doing, () => client.set(keys.pointer(kind, hash), text, 'PX', ms));
    },
    async find(kind, hash, prolongMs) {
      const key = keys.pointer(kind, hash);
      const text = await answered(client, doing, () =>
        prolongMs === undefined ? client.get(key) : client.getex(key, 'PX', prolongMs),
      );
      return text === null ? undefined : placeFrom(text);
    },
    async forget(kind, hash) {
      await answered(client, doing, () => client.del(keys.pointer(kind, hash)));
    },
  };
}
