import type { Account } from './account.ts';
import {
  confirmationIdProblem,
  confirmationPasswordProblem,
  type ConfirmationProblem,
} from './confirmation-rules.ts';
import type { AccessDeps } from './deps.ts';
import type { Login, Subscriber } from './find-login.ts';
import { accountOf } from './places.ts';
import type { Access, Change } from './ports.ts';
import { isEqual } from './secrets.ts';

/** After so many wrong pairs in a row the pair is not taken any more until the next full login (A10). */
const MOST_WRONG_PAIRS = 5;

type Pair = { readonly id: string; readonly password: string };

/** `closed`: five were wrong in a row. `stale`: nothing is registered, or the login is not there any more. */
export type PairResult = 'right' | 'wrong' | 'closed' | 'stale';

/**
 * Checks the confirmation id and password of a login that waits for its code (A10); right, it may enter another address.
 * The try is taken before the password is hashed.
 */
export async function confirmPair(deps: AccessDeps, login: Login, pair: Pair): Promise<PairResult> {
  const { name } = login.place;
  if (login.stage !== 'code') return 'stale';
  const verdict = await checkConfirmation(deps, login, pair);
  if (verdict !== 'right') return verdict;
  return deps.store.change(login.place.group, [name], (access): Change<PairResult> => {
    const account = accountOf(access, name);
    const { pending } = account;
    if (pending?.hash !== login.hash) return { result: 'stale' };
    const after = { ...account, pending: { ...pending, pairWasRight: true } };
    return { result: 'right', accounts: new Map([[name, after]]) };
  });
}

/** Takes a try at the confirmation, then checks id and password; either may be left out. A right one takes it back. */
async function checkConfirmation(
  deps: AccessDeps,
  login: Login,
  { id, password }: Partial<Pair>,
): Promise<PairResult> {
  const { store } = deps;
  const { group, name } = login.place;
  const taken = await store.change(group, [name], takePairTry(name));
  if (typeof taken === 'string') return taken;
  const isPassword = password === undefined || (await verified(deps, login, taken.phc, password));
  if (!isPassword || (id !== undefined && !isEqual(taken.id, id))) return 'wrong';
  await store.change(
    group,
    [name],
    withWrongPairs(name, () => 0),
  );
  return 'right';
}

/** Verifies the password of a pair. What cannot be looked at does not count as a try. */
async function verified(
  { store, hasher }: AccessDeps,
  { place: { group, name } }: Login,
  phc: string,
  password: string,
): Promise<boolean> {
  try {
    return await hasher.verify(phc, password, name);
  } catch (error) {
    await store.change(
      group,
      [name],
      withWrongPairs(name, (wrong) => Math.max(0, wrong - 1)),
    );
    throw error;
  }
}

function withWrongPairs(
  name: string,
  count: (wrong: number) => number,
): (access: Access) => Change<undefined> {
  return (access) => {
    const account = accountOf(access, name);
    const oneTime = { ...account.oneTime, wrongPairs: count(account.oneTime.wrongPairs) };
    return { result: undefined, accounts: new Map([[name, { ...account, oneTime }]]) };
  };
}

function takePairTry(
  name: string,
): (access: Access) => Change<'closed' | 'stale' | { readonly id: string; readonly phc: string }> {
  return (access) => {
    const account = accountOf(access, name);
    const { confirmation, wrongPairs } = account.oneTime;
    if (!confirmation) return { result: 'stale' };
    if (wrongPairs >= MOST_WRONG_PAIRS) return { result: 'closed' };
    const oneTime = { ...account.oneTime, wrongPairs: wrongPairs + 1 };
    return { result: confirmation, accounts: new Map([[name, { ...account, oneTime }]]) };
  };
}

/** What came of a new confirmation id or password. */
export type ConfirmationChange =
  | { readonly kind: 'changed' | 'current-wrong' | 'closed' | 'stale' }
  | { readonly kind: 'next'; readonly problem: ConfirmationProblem };

/** Changes the confirmation id of a login that is in; the current one is asked (A9). */
export async function changeConfirmationId(
  deps: AccessDeps,
  login: Login,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<ConfirmationChange> {
  if (login.stage !== undefined) return { kind: 'stale' };
  const problem = confirmationIdProblem(next);
  if (problem) return { kind: 'next', problem };
  const verdict = await checkConfirmation(deps, login, { id: current });
  if (verdict !== 'right') return refused(verdict);
  if (current === next) return { kind: 'next', problem: 'same' };
  return changeStored(deps, login, (before) => ({ ...before, id: next }));
}

/** Changes the confirmation password of a login that is in; the current one is asked (A9). */
export async function changeConfirmationPassword(
  deps: AccessDeps,
  login: Login & { readonly subscriber: Subscriber },
  { current, next }: { readonly current: string; readonly next: string },
): Promise<ConfirmationChange> {
  if (login.stage !== undefined) return { kind: 'stale' };
  const problem = confirmationPasswordProblem(next, login.subscriber.number);
  if (problem) return { kind: 'next', problem };
  const verdict = await checkConfirmation(deps, login, { password: current });
  if (verdict !== 'right') return refused(verdict);
  if (current === next) return { kind: 'next', problem: 'same' };
  const phc = await deps.hasher.hash(next, login.place.name);
  return changeStored(deps, login, (before) => ({ ...before, phc }));
}

function refused(verdict: Exclude<PairResult, 'right'>): ConfirmationChange {
  return { kind: verdict === 'wrong' ? 'current-wrong' : verdict };
}

type Confirmation = NonNullable<Account['oneTime']['confirmation']>;

function changeStored(
  { store }: AccessDeps,
  { place: { group, name }, hash }: Login,
  change: (before: Confirmation) => Confirmation,
): Promise<ConfirmationChange> {
  return store.change(group, [name], (access): Change<ConfirmationChange> => {
    const account = accountOf(access, name);
    const { confirmation } = account.oneTime;
    if (account.session?.hash !== hash || !confirmation) return { result: { kind: 'stale' } };
    const oneTime = { ...account.oneTime, confirmation: change(confirmation) };
    return {
      result: { kind: 'changed' },
      accounts: new Map([[name, { ...account, oneTime }]]),
      durable: true,
    };
  });
}
