import type { Account, Draft } from './account.ts';
import type { AccessDeps } from './deps.ts';
import type { Login } from './find-login.ts';
import { accountOf } from './places.ts';
import type { Change } from './ports.ts';

/** Keeps a draft with a login, pending or in; null removes it. False when the login is not there any more. */
export function keepDraft({ store }: AccessDeps, login: Login, draft: Draft | null): Promise<boolean> {
  const { group, name } = login.place;
  return store.change(group, [name], (access): Change<boolean> => {
    const after = withDraft(accountOf(access, name), login.hash, draft);
    return after ? { result: true, accounts: new Map([[name, after]]) } : { result: false };
  });
}

/** The account with a draft of the login of that hash; `undefined` when that is not there any more. */
export function withDraft(account: Account, hash: string, draft: Draft | null): Account | undefined {
  const { pending, session } = account;
  if (pending?.hash === hash) return { ...account, pending: { ...pending, draft } };
  return session?.hash === hash ? { ...account, session: { ...session, draft } } : undefined;
}
