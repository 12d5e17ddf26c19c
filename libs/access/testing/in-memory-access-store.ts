import { NO_ACCOUNT, type Account } from '../account.ts';
import { hasMessagesDue } from '../due-messages.ts';
import type { Access, AccessStore, Change, Group, Place } from '../ports.ts';

interface StoredGroup {
  readonly unit: Access['unit'];
  readonly profile: Access['profile'];
  readonly accounts: ReadonlyMap<string, Account>;
}

const EMPTY: StoredGroup = { unit: null, profile: null, accounts: new Map() };

/** Nobody's accounts are forgotten this long after their last change. */
const UNKNOWN_KEPT_MS = 3_600_000;

/**
 * The store of accounts without Redis: the reference that the one of libs/redis is compared with, and the fake for
 * unit tests. `now` is the clock that pointers and nobody's accounts expire by, in epoch milliseconds. Each step is run
 * twice on the same accounts, as it may be there, so that one which is not pure shows.
 */
export function createInMemoryAccessStore({ now = Date.now }: { now?: () => number } = {}): AccessStore {
  const groups = new Map<Group, { readonly stored: StoredGroup; readonly until: number }>();
  const due = new Map<string, Place>();
  const storedIn = (group: Group): StoredGroup => {
    const found = groups.get(group);
    return found && now() < found.until ? found.stored : EMPTY;
  };
  return {
    read: async (group, names) => accessOf(storedIn(group), names),
    change: async (group, names, step) => {
      const stored = storedIn(group);
      step(accessOf(stored, names));
      const change = step(accessOf(stored, names));
      const after = apply(stored, names, change);
      const until = group.startsWith('unknown:') ? now() + UNKNOWN_KEPT_MS : Infinity;
      if (after !== stored) groups.set(group, { stored: after, until });
      for (const [name, account] of change.accounts ?? [])
        if (account && hasMessagesDue(account)) due.set(keyOf(group, name), { group, name });
      return change.result;
    },
    ...createPointers(now),
    withMessagesDue: async () => [...due.values()].slice(0, 100),
    noMessagesDue: async ({ group, name }) => {
      // What has become due meanwhile stays known.
      if (!hasMessagesDue(storedIn(group).accounts.get(name) ?? NO_ACCOUNT)) due.delete(keyOf(group, name));
    },
  };
}

function createPointers(now: () => number): Pick<AccessStore, 'remember' | 'find' | 'forget'> {
  const pointers = new Map<string, { readonly place: Place; readonly until: number }>();
  return {
    remember: async (kind, hash, place, ms) => {
      pointers.set(keyOf(kind, hash), { place, until: now() + ms });
    },
    find: async (kind, hash, prolongMs) => {
      const key = keyOf(kind, hash);
      const found = pointers.get(key);
      if (!found || now() >= found.until) return undefined;
      if (prolongMs !== undefined) pointers.set(key, { place: found.place, until: now() + prolongMs });
      return found.place;
    },
    forget: async (kind, hash) => {
      pointers.delete(keyOf(kind, hash));
    },
  };
}

const keyOf = (...words: readonly string[]): string => JSON.stringify(words);

function accessOf({ unit, profile, accounts }: StoredGroup, names: readonly string[]): Access {
  return { unit, profile, accounts: new Map(names.map((name) => [name, accounts.get(name) ?? NO_ACCOUNT])) };
}

/** The group after a change; the same object when it changes nothing. */
function apply<R>(before: StoredGroup, names: readonly string[], change: Change<R>): StoredGroup {
  const { unit, profile, accounts: changed } = change;
  if (unit === undefined && profile === undefined && !changed?.size) return before;
  const accounts = new Map(before.accounts);
  for (const [name, account] of changed ?? []) {
    if (!names.includes(name)) throw new TypeError('the step changes an account that was not asked for');
    if (account) accounts.set(name, account);
    else accounts.delete(name);
  }
  return {
    unit: unit === undefined ? before.unit : unit,
    profile: profile === undefined ? before.profile : profile,
    accounts,
  };
}
