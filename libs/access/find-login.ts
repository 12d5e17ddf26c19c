import type { Account, EndReason } from './account.ts';
import { unitToLogIn } from './credentials.ts';
import type { AccessDeps } from './deps.ts';
import { IDLE_MS, LONGEST_MS, stageOf, type Stage } from './logins.ts';
import { accountOf } from './places.ts';
import type { Access, Place } from './ports.ts';
import { hashOf, isSecret } from './secrets.ts';
import { mayLogIn, settableNumbers, unitOf, type Line, type Unit } from './unit.ts';

/** A login as it is now: whose it is, how far it is, and what its account and line are at this moment. */
export interface Login {
  readonly place: Place;
  /** The hash of its secret. */
  readonly hash: string;
  /** The hash of the browser's cookie, when it has one: its tries count there. */
  readonly browser: string | undefined;
  readonly access: Access;
  readonly account: Account;
  /** What it has to do first; `undefined`: it is in. */
  readonly stage: Stage | undefined;
  /** The number that logged in and its line; of a self-care login there is none. */
  readonly subscriber: Subscriber | undefined;
}

/** A number that has logged in. */
export interface Subscriber {
  readonly number: string;
  readonly line: Line;
  readonly unit: Unit;
  /** The numbers that it may set (A1). */
  readonly numbers: readonly string[];
}

/** `none`: the secret is unknown or was idle for too long. */
export type FoundLogin =
  | { readonly kind: 'found'; readonly login: Login }
  | { readonly kind: 'none' }
  | { readonly kind: 'ended'; readonly reason: EndReason };

/** The secrets of a request's cookies. */
export interface LoginCookies {
  readonly login: string | undefined;
  readonly browser: string | undefined;
}

/** Finds the login that a cookie is of, and prolongs it (A12). Rejects when Redis is away. */
export async function findLogin(deps: AccessDeps, cookies: LoginCookies): Promise<FoundLogin> {
  const { store, lines, now } = deps;
  if (!isSecret(cookies.login)) return { kind: 'none' };
  const hash = hashOf(cookies.login);
  const place = await store.find('login', hash, IDLE_MS);
  if (!place) return { kind: 'none' };
  const isNumber = place.group.startsWith('line:');
  const [access, line] = await Promise.all([
    store.read(place.group, [place.name]),
    isNumber ? lines.findLine(place.name) : undefined,
  ]);
  const account = accountOf(access, place.name);
  const stage = currentStage(access, account, hash, now());
  if (stage === 'none') return { kind: 'none' };
  if (stage === 'ended') return { kind: 'ended', reason: endOf(account, hash) };
  if (stage === 'too-long') return { kind: 'ended', reason: 'too-long' };
  // With a temporary password the login is by the dialled unit, until that is the line's.
  const unit = stage === 'change-password' ? unitToLogIn(access.unit, account, now()) : unitOf(access.unit);
  const subscriber = line && subscriberOf(line, unit, place);
  // The number may have left its line, or the line its unit, since.
  if (isNumber ? !subscriber : !access.profile) return { kind: 'ended', reason: 'unit-changed' };
  const browser = isSecret(cookies.browser) ? hashOf(cookies.browser) : undefined;
  return { kind: 'found', login: { place, hash, browser, access, account, stage, subscriber } };
}

function currentStage(
  access: Access,
  account: Account,
  hash: string,
  now: number,
): Stage | 'none' | 'ended' | 'too-long' | undefined {
  const { session, pending } = account;
  if (session?.hash === hash) return now - session.startedAt < LONGEST_MS ? undefined : 'too-long';
  if (pending?.hash !== hash) return 'ended';
  if (now >= pending.expiresAt) return 'none';
  // What it waited for is not asked any more: the password is asked again.
  return stageOf(access, account, pending.mustChange) ?? 'ended';
}

function endOf({ ended }: Account, hash: string): EndReason {
  return ended?.hash === hash ? ended.reason : 'other-login';
}

function subscriberOf(line: Line, unit: Unit, place: Place): Subscriber | undefined {
  if (place.group !== `line:${line.lineNumber}` || !mayLogIn(line, unit, place.name)) return undefined;
  return { number: place.name, line, unit, numbers: settableNumbers(line, unit, place.name) };
}

/** Ends a login (A12); one that is not there any more, too. Rejects when Redis is away. */
export async function logOut({ store }: AccessDeps, secret: string | undefined): Promise<void> {
  if (!isSecret(secret)) return;
  const hash = hashOf(secret);
  const place = await store.find('login', hash);
  if (!place) return;
  await store.change(place.group, [place.name], (access) => {
    const account = accountOf(access, place.name);
    const { pending, session } = account;
    const after: Account = {
      ...account,
      ...(pending?.hash === hash ? { pending: null } : {}),
      ...(session?.hash === hash ? { session: null, ended: { hash, reason: 'log-out' } } : {}),
    };
    return { result: undefined, accounts: new Map([[place.name, after]]) };
  });
  await store.forget('login', hash);
}
