import type { AccessDeps } from './deps.ts';
import { withoutLogin } from './logins.ts';
import { accountOf, placeOfSelfCare } from './places.ts';
import type { SelfCareProfile } from './ports.ts';
import { forgotten } from './tries.ts';

type Deps = Pick<AccessDeps, 'store' | 'hasher' | 'now'>;

/**
 * Makes a self-care id known, or changes it (A14); without a password it keeps the one it has. A new password, or
 * another address for its codes, ends its logins. True when the id is new.
 */
export async function putSelfCare(
  { store, hasher, now }: Deps,
  id: string,
  { password, ...profile }: SelfCareProfile & { readonly password?: string },
): Promise<boolean> {
  const { group } = placeOfSelfCare(id);
  const phc = password === undefined ? undefined : await hasher.hash(password);
  return store.change(group, [id], (access) => {
    const before = accountOf(access, id);
    const set = phc === undefined ? before : forgotten({ ...before, password: { phc, changedAt: now() } });
    const isNew = access.profile === null;
    const isMoved = !isNew && access.profile.address !== profile.address;
    const isKept = phc === undefined && !isMoved;
    const after = isKept ? set : withoutLogin(set, phc === undefined ? 'operator' : 'password-changed');
    return { result: isNew, profile, accounts: new Map([[id, after]]), durable: true };
  });
}

/** What is known of a self-care id, never its password; `undefined`: nothing. */
export async function getSelfCare({ store }: Deps, id: string): Promise<SelfCareProfile | undefined> {
  const { profile } = await store.read(placeOfSelfCare(id).group, []);
  return profile ?? undefined;
}

/** Forgets a self-care id with its logins. False when there was none. */
export async function deleteSelfCare({ store }: Deps, id: string): Promise<boolean> {
  return store.change(placeOfSelfCare(id).group, [id], ({ profile }) => ({
    result: profile !== null,
    profile: null,
    accounts: new Map([[id, null]]),
    durable: true,
  }));
}
