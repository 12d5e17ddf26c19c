import type { Account } from './account.ts';
import type { AccessDeps } from './deps.ts';
import type { Login } from './find-login.ts';
import { IDLE_MS, stageOf, withSession } from './logins.ts';
import { accountOf } from './places.ts';
import type { Change } from './ports.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';

/** `in` carries the new secrets of a login that waited for the choice; `kept`: it was in already. */
export type DeclineResult =
  | { readonly kind: 'in'; readonly secret: string; readonly browser: string }
  | { readonly kind: 'kept' | 'stale' };

/**
 * Chooses not to use one-time passwords (A8): at the first login, which is in then, or later. An address that waits for
 * its link is forgotten; what was registered stays for the next time.
 */
export async function declineOneTime(
  deps: AccessDeps,
  login: Login,
  known: string | undefined,
): Promise<DeclineResult> {
  const { store, now } = deps;
  const { group, name } = login.place;
  const secret = newSecret();
  const browser = isSecret(known) ? known : newSecret();
  if (login.stage !== undefined) await store.remember('login', hashOf(secret), login.place, IDLE_MS);
  return store.change(group, [name], (access): Change<DeclineResult> => {
    const account = accountOf(access, name);
    const declined = { ...account, oneTime: { ...account.oneTime, use: false, registration: null } };
    const { pending, session } = account;
    const changed = (after: Account): Pick<Change<never>, 'accounts' | 'durable'> => ({
      accounts: new Map([[name, after]]),
      durable: true,
    });
    if (session?.hash === login.hash) return { result: { kind: 'kept' }, ...changed(declined) };
    if (pending?.hash !== login.hash || now() >= pending.expiresAt) return { result: { kind: 'stale' } };
    if (stageOf(access, account, pending.mustChange) !== 'choose-one-time')
      return { result: { kind: 'stale' } };
    const after = withSession(declined, hashOf(secret), hashOf(browser), now());
    return { result: { kind: 'in', secret, browser }, ...changed(after) };
  });
}
