import type { Account, Pending } from './account.ts';
import { accountsAfter } from './change-unit.ts';
import { checkPassword, type PasswordVerdict } from './check-password.ts';
import { credentialOf, hasTemporary } from './credentials.ts';
import type { AccessDeps } from './deps.ts';
import { withDueMail } from './due-messages.ts';
import type { Login, Subscriber } from './find-login.ts';
import { MOST_WRONG_TRIES, withoutLogin, withoutRegistration } from './logins.ts';
import { accountOf } from './places.ts';
import { passwordProblem, type PasswordProblem } from './password-policy.ts';
import type { Access, Change } from './ports.ts';
import { forgotten } from './tries.ts';
import { mayLogIn, unitOf } from './unit.ts';

/** A new password for a number that this login may set (A5, A7). */
export interface PasswordChange {
  readonly number: string;
  /** The login's own current password, also where the number is another (A7). */
  readonly current: string;
  readonly next: string;
}

/** `stale`: the login is not there any more, or may not do this. */
export type PasswordChangeResult =
  | { readonly kind: 'changed' }
  | { readonly kind: 'next'; readonly problem: PasswordProblem }
  | { readonly kind: 'current-wrong' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'stale' };

/**
 * Changes a password (A4, A5, A7). The number's logins end, the one that did it included. With a temporary password the
 * unit that was dialled with it becomes the line's (A2), and what the other numbers keep is what A6 says.
 */
export async function changePassword(
  deps: AccessDeps,
  login: Login & { readonly subscriber: Subscriber },
  { number, current, next }: PasswordChange,
): Promise<PasswordChangeResult> {
  const { line } = login.subscriber;
  if (!maySetPassword(login, number)) return { kind: 'stale' };
  const problem = passwordProblem(next, number, deps.policyOf(line.brand));
  if (problem) return { kind: 'next', problem };
  const verdict = await checkCurrent(deps, login, current);
  if (verdict.kind === 'wait' || verdict.kind === 'stale') return verdict;
  if (verdict.kind === 'wrong') return { kind: 'current-wrong' };
  if (await isSame(deps, login, { number, current, next })) return { kind: 'next', problem: 'same' };
  const phc = await deps.hasher.hash(next, login.place.name);
  // A dialled unit changes all of the line's accounts.
  const touched = verdict.credential.kind === 'temporary' ? line.numbers : [login.place.name, number];
  return deps.store.change(login.place.group, touched, (access) =>
    applied(deps, login, { number, phc, credential: verdict.credential.phc }, access),
  );
}

type Verdict = PasswordVerdict | { readonly kind: 'stale' };

/** Checks the login's own password: among the tries of its browser, or its own where it must be changed first. */
function checkCurrent(
  deps: AccessDeps,
  login: Login & { readonly subscriber: Subscriber },
  password: string,
): Promise<Verdict> {
  const { place, browser, subscriber } = login;
  if (login.stage === 'change-password') return checkPending(deps, login, password);
  return checkPassword(deps, {
    place,
    password,
    browser,
    source: place.name,
    number: subscriber.number,
    brand: subscriber.line.brand,
    mayLogIn: () => true,
  });
}

/**
 * Checks the password that a login has to change first (A4). It has tries of its own: who guesses at the number meanwhile
 * cannot stop it. With the last wrong one it ends.
 */
async function checkPending(deps: AccessDeps, login: Login, password: string): Promise<Verdict> {
  const { store, hasher, now } = deps;
  const { group, name } = login.place;
  const change = <R>(step: (pending: Pending, account: Account) => readonly [Pending | null, R]) =>
    store.change(group, [name], (access): Change<R | undefined> => {
      const account = accountOf(access, name);
      if (account.pending?.hash !== login.hash) return { result: undefined };
      const [pending, result] = step(account.pending, account);
      return { result, accounts: new Map([[name, { ...account, pending }]]) };
    });
  const credential = await change((pending, account) => {
    const { wrongTries } = pending;
    const isUsable = wrongTries < MOST_WRONG_TRIES;
    return [{ ...pending, wrongTries: wrongTries + 1 }, isUsable ? credentialOf(account, now()) : undefined];
  });
  if (!credential) return { kind: 'stale' };
  const isRight = await hasher.verify(credential.phc, password, name).catch(async (error: unknown) => {
    await change((pending) => [{ ...pending, wrongTries: pending.wrongTries - 1 }, undefined]);
    throw error;
  });
  const kind = await change((pending): readonly [Pending | null, 'right' | 'wrong' | 'stale'] => {
    if (isRight) return [{ ...pending, wrongTries: 0 }, 'right'];
    return pending.wrongTries < MOST_WRONG_TRIES ? [pending, 'wrong'] : [null, 'stale'];
  });
  return kind === 'right' ? { kind, credential } : { kind: kind ?? 'stale' };
}

/**
 * Whether a login may give a number a password: one that must change its own, that one; one that is in, each number's
 * that it may set and that may log in (A7: under administrator/user, to the line number, all of the line).
 */
export function maySetPassword(
  { stage, subscriber: { line, unit, number: own, numbers } }: Login & { readonly subscriber: Subscriber },
  number: string,
): boolean {
  if (stage !== undefined) return stage === 'change-password' && number === own;
  return numbers.includes(number) && mayLogIn(line, unit, number);
}

/** Whether the new password is what the number has, be it a temporary one, which has just been entered. */
async function isSame(
  { store, hasher }: AccessDeps,
  { place }: Login,
  { number, current, next }: PasswordChange,
): Promise<boolean> {
  const account = accountOf(await store.read(place.group, [number]), number);
  const isStored = await hasher.verify(account.password?.phc ?? null, next, place.name);
  return isStored || (number === place.name && next === current);
}

function applied(
  { now }: AccessDeps,
  { place, hash, stage, subscriber: { line, unit } }: Login & { readonly subscriber: Subscriber },
  { number, phc, credential }: { number: string; phc: string; credential: string },
  access: Access,
): Change<PasswordChangeResult> {
  const actor = accountOf(access, place.name);
  const isHere = stage
    ? actor.pending?.hash === hash
    : actor.session?.hash === hash && unitOf(access.unit) === unit;
  if (!isHere || credentialOf(actor, now())?.phc !== credential) return { result: { kind: 'stale' } };
  const before = accountOf(access, number);
  const dialled = number === place.name && hasTemporary(before, now()) ? before.temporary?.unit : undefined;
  const changed = withPassword(before, phc, now());
  const after = withDueMail(changed, { kind: 'password-changed', number, brand: line.brand, at: now() });
  const own = new Map([[number, after]]);
  const durable = true;
  const result = { kind: 'changed' } as const;
  if (dialled === undefined) return { result, accounts: own, durable };
  const from = unitOf(access.unit);
  if (dialled === from) return { result, accounts: own, unit: dialled, durable };
  const set = { ...access, accounts: new Map([...access.accounts, ...own]) };
  const accounts = accountsAfter(set, line, { from, to: dialled, by: number });
  // From line, all numbers have the line's: but this one has just been given its own.
  accounts.set(number, after);
  return { result, accounts, unit: dialled, durable };
}

/** The account with a new password, nobody logged in, and nothing left of what a login had begun. */
function withPassword(account: Account, phc: string, now: number): Account {
  const changed = { ...account, password: { phc, changedAt: now }, temporary: null, invalidated: false };
  return withoutLogin(withoutRegistration(forgotten(changed)), 'password-changed');
}
