import { NO_TRIES, type Account } from './account.ts';
import { credentialOf, type Credential } from './credentials.ts';
import type { AccessDeps } from './deps.ts';
import { withDueMail } from './due-messages.ts';
import { accountOf } from './places.ts';
import type { Access, Change, Place } from './ports.ts';
import { isSpent, tried, triesOf, waitOf, withTries } from './tries.ts';

/** A password to be checked, and the browser (by its cookie's hash) whose tries it counts among. */
export interface PasswordCheck {
  readonly place: Place;
  readonly password: string;
  readonly browser: string | undefined;
  /** Who wants it checked, an address or a login by its number: passwords of one source are hashed one after another. */
  readonly source: string;
  /** For the mail that tells of the password's end (O4). */
  readonly number: string;
  readonly brand: string;
  /** Whether anybody may log in there; else the password is as good as none. */
  readonly mayLogIn: (access: Access) => boolean;
}

/** `right` carries what it was compared with, which must still hold when something is built on it. */
export type PasswordVerdict =
  | { readonly kind: 'right'; readonly credential: Credential }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly seconds: number };

interface Taken {
  readonly credential: Credential | undefined;
  /** Whether this was the last try before the password becomes invalid. */
  readonly isLast: boolean;
}

/** Checks a password as `tryPassword` does, and begins the tries anew when it is right. */
export async function checkPassword(deps: AccessDeps, check: PasswordCheck): Promise<PasswordVerdict> {
  const verdict = await tryPassword(deps, check);
  if (verdict.kind === 'right')
    await changeTries(deps, check, (account) => succeeded(account, check.browser));
  return verdict;
}

/** The account after a right password: its tries, of that browser, begin anew (A3). */
export function succeeded(account: Account, browser: string | undefined): Account {
  return withTries(account, browser, NO_TRIES);
}

/**
 * Checks a password (A3). The try is taken before the password is hashed, in one step, so that fifty at once are fifty;
 * one that comes during a wait is not looked at and does not count. Every try that is looked at costs one hash, whether
 * there is something to compare with or not. After a right one the caller begins the tries anew (`succeeded`), in the
 * same step as what is built on it. Rejects when Redis is away or too many wait to be hashed; then it does not count.
 */
export async function tryPassword(deps: AccessDeps, check: PasswordCheck): Promise<PasswordVerdict> {
  const { store, hasher } = deps;
  const { group, name } = check.place;
  const taken = await store.change(group, [name], (access) => takeTry(deps, check, access));
  if (typeof taken === 'number') return { kind: 'wait', seconds: Math.ceil(taken / 1000) };
  const { credential, isLast } = taken;
  let isRight: boolean;
  try {
    isRight = await hasher.verify(credential?.phc ?? null, check.password, check.source);
  } catch (error) {
    await changeTries(deps, check, (account) => givenBack(account, check.browser));
    throw error;
  }
  if (isRight && credential) return { kind: 'right', credential };
  if (isLast) {
    await changeTries(deps, check, (account, access) => told(deps, check, account, access));
    deps.lockedOut(check.place);
  }
  return { kind: 'wrong' };
}

/** Takes a try; answers for how many milliseconds to wait when it is too early for one. */
function takeTry(
  { waits, now }: AccessDeps,
  { place: { name }, browser, mayLogIn }: PasswordCheck,
  access: Access,
): Change<Taken | number> {
  const account = accountOf(access, name);
  const tries = triesOf(account, browser);
  const wait = waitOf(tries, waits, now());
  if (wait > 0) return { result: wait };
  const credential = mayLogIn(access) ? credentialOf(account, now()) : undefined;
  const isUsable = credential !== undefined && !isSpent(tries, credential.kind);
  const after = tried(tries, now());
  return {
    result: {
      credential: isUsable ? credential : undefined,
      isLast: isUsable && isSpent(after, credential.kind),
    },
    accounts: new Map([[name, withTries(account, browser, after)]]),
  };
}

function changeTries(
  { store }: AccessDeps,
  { place: { group, name } }: PasswordCheck,
  change: (account: Account, access: Access) => Account,
): Promise<void> {
  return store.change(group, [name], (access) => ({
    result: undefined,
    accounts: new Map([[name, change(accountOf(access, name), access)]]),
  }));
}

function givenBack(account: Account, browser: string | undefined): Account {
  const { wrong, streak, lastAt } = triesOf(account, browser);
  const after = { wrong: Math.max(0, wrong - 1), streak: Math.max(0, streak - 1), lastAt };
  return withTries(account, browser, after);
}

/** The password has become invalid for whom these tries are of: the subscriber is told (O4). */
function told(
  { now }: AccessDeps,
  { number, brand }: PasswordCheck,
  account: Account,
  { profile }: Access,
): Account {
  const mail = { kind: 'account-locked' as const, number, brand, at: now() };
  return withDueMail(account, mail, profile ? profile.address : account.oneTime.address);
}
