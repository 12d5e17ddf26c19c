import { NO_TRIES, type Account, type EndReason, type Pending } from './account.ts';
import type { Access } from './ports.ts';

/** What has to be done before a login is in (A4, A8). */
export type Stage = 'change-password' | 'choose-one-time' | 'code';

/** How long a login waits for its next step (A8). */
export const PENDING_MS = 900_000;
/** How long a session may be idle, and how long it lasts at most (A12). */
export const IDLE_MS = 1_800_000;
export const LONGEST_MS = 43_200_000;
/** After so many wrong tries in a row a login that waits ends, and the password is asked again (A8). */
export const MOST_WRONG_TRIES = 5;
/** How many browsers of a number are known; the one that logged in longest ago is forgotten first. */
const MOST_BROWSERS = 5;

/** Where a login's codes go; `undefined`: it needs none. */
export function codeAddress({ profile }: Access, { oneTime }: Account): string | undefined {
  if (profile) return profile.address;
  return oneTime.use === true ? (oneTime.address ?? undefined) : undefined;
}

/** What a login has to do next; `undefined`: nothing, it is in. */
export function stageOf(access: Access, account: Account, mustChange: boolean): Stage | undefined {
  if (mustChange) return 'change-password';
  if (codeAddress(access, account) !== undefined) return 'code';
  return account.oneTime.use === null && access.profile === null ? 'choose-one-time' : undefined;
}

/** The account with a login whose password was right, in place of any other that waits. */
export function withPending(account: Account, hash: string, mustChange: boolean, now: number): Account {
  const pending: Pending = {
    hash,
    expiresAt: now + PENDING_MS,
    mustChange,
    code: null,
    wrongTries: 0,
    pairWasRight: false,
    draft: null,
  };
  return { ...account, pending };
}

/**
 * The account with a login that is in: the newest one wins (A12), its browser is known from now on, and its tries begin
 * anew (A3).
 */
export function withSession(account: Account, hash: string, browser: string, now: number): Account {
  const known = { hash: browser, lastLoginAt: now, ...NO_TRIES };
  const others = account.browsers.filter((one) => one.hash !== browser);
  return {
    ...account,
    pending: null,
    session: { hash, startedAt: now, draft: null },
    lastLoginAt: now,
    browsers: [known, ...others].slice(0, MOST_BROWSERS),
    oneTime: { ...account.oneTime, wrongPairs: 0 },
  };
}

/** The account without a login, and why; one without a login stays as it is. */
export function withoutLogin(account: Account, reason: EndReason): Account {
  const login = account.session ?? account.pending;
  return login ? { ...account, pending: null, session: null, ended: { hash: login.hash, reason } } : account;
}

/**
 * The account without the address that waits for its link. Whoever had stolen a login may have entered it: it must not
 * come into force after the password was changed for that.
 */
export function withoutRegistration(account: Account): Account {
  return { ...account, oneTime: { ...account.oneTime, registration: null } };
}
