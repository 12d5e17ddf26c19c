import { randomUUID } from 'node:crypto';
import { open, seal } from '#events';
import type { Account, Pending } from './account.ts';
import type { AccessDeps } from './deps.ts';
import type { Login } from './find-login.ts';
import { codeAddress, IDLE_MS, PENDING_MS, withSession, MOST_WRONG_TRIES } from './logins.ts';
import { accountOf } from './places.ts';
import type { Access, Change } from './ports.ts';
import { hashOf, isEqual, isSecret, newCode, newSecret } from './secrets.ts';

/** How long a code is valid (O1), and in how long how many may be mailed (A8). */
const CODE_MS = 300_000;
const WINDOW_MS = 900_000;
const MOST_IN_WINDOW = 5;

/** `too-many`: five were mailed in the last 15 minutes. `stale`: the login does not wait for a code any more. */
export type SendResult =
  | { readonly kind: 'sent' }
  | { readonly kind: 'too-many'; readonly seconds: number }
  | { readonly kind: 'stale' };

/** Whether one more mail may go now: in how many seconds, 0 for now. */
export function secondsUntilNextMail(sentAt: readonly number[], now: number): number {
  const recent = sentAt.filter((at) => at > now - WINDOW_MS);
  const [oldest = now] = recent;
  return recent.length < MOST_IN_WINDOW ? 0 : Math.ceil((oldest + WINDOW_MS - now) / 1000);
}

/** The times of the mails of the last minutes, with one more. */
export function withMailAt(sentAt: readonly number[], now: number): number[] {
  return [...sentAt.filter((at) => at > now - WINDOW_MS), now];
}

/** A change of the login that waits, if it is still there. */
function ofPending(
  access: Access,
  { place: { name }, hash }: Login,
  now: number,
): { account: Account; pending: Pending } | undefined {
  const account = accountOf(access, name);
  const { pending } = account;
  const isThere = pending?.hash === hash && now < pending.expiresAt && !pending.mustChange;
  return isThere ? { account, pending } : undefined;
}

/**
 * Mails a new code (A8, O1, O3), which takes the place of the one before. Rejects when Redis or Kafka is away; then the
 * code does not count, and the one before is good again.
 */
export async function sendCode(deps: AccessDeps, login: Login): Promise<SendResult> {
  const { store, sendMail, sealKeys, now } = deps;
  const code = newCode();
  const issuedAt = now();
  const expiresAt = issuedAt + CODE_MS;
  const stored = { sealed: seal({ code }, login.hash, sealKeys), expiresAt };
  const { group, name } = login.place;
  const taken = await store.change(group, [name], (access) => takeCode(access, login, stored));
  if ('kind' in taken) return taken;
  const { subscriber, access } = login;
  const mail = {
    kind: access.profile ? ('two-step-code' as const) : ('one-time-password' as const),
    number: subscriber?.number ?? access.profile?.numbers[0] ?? '',
    brand: subscriber?.line.brand ?? access.profile?.brand ?? '',
    recipient: taken.address,
  };
  try {
    await sendMail({ ...mail, issuedAt, expiresAt, secret: { code } }, randomUUID());
  } catch (error) {
    await takeBackCode(deps, login, stored, taken.before);
    throw error;
  }
  return { kind: 'sent' };
}

/** A code as it is stored, sealed. */
type StoredCode = NonNullable<Pending['code']>;

/** Where a new code goes, and the one whose place it took. */
interface Taken {
  readonly address: string;
  readonly before: StoredCode | null;
}

function takeCode(access: Access, login: Login, code: StoredCode): Change<SendResult | Taken> {
  const issuedAt = code.expiresAt - CODE_MS;
  const here = ofPending(access, login, issuedAt);
  const address = here && codeAddress(access, here.account);
  if (!here || address === undefined) return { result: { kind: 'stale' } };
  const { account, pending } = here;
  const { codesSentAt } = account.oneTime;
  const seconds = secondsUntilNextMail(codesSentAt, issuedAt);
  if (seconds > 0) return { result: { kind: 'too-many', seconds } };
  const oneTime = { ...account.oneTime, codesSentAt: withMailAt(codesSentAt, issuedAt) };
  const after = { ...account, oneTime, pending: { ...pending, code, expiresAt: issuedAt + PENDING_MS } };
  return { result: { address, before: pending.code }, accounts: new Map([[login.place.name, after]]) };
}

async function takeBackCode(
  { store }: AccessDeps,
  { place: { group, name } }: Login,
  { sealed, expiresAt }: StoredCode,
  before: StoredCode | null,
): Promise<void> {
  await store.change(group, [name], (access) => {
    const account = accountOf(access, name);
    const { oneTime, pending } = account;
    const codesSentAt = oneTime.codesSentAt.filter((at) => at !== expiresAt - CODE_MS);
    const isStill = pending?.code?.sealed === sealed;
    const after = isStill ? { ...pending, code: before } : pending;
    const undone = { ...account, oneTime: { ...oneTime, codesSentAt }, pending: after };
    return { result: undefined, accounts: new Map([[name, undone]]) };
  });
}

/** `in` carries the new secrets of login and browser. `ended`: five wrong codes; the password is asked again. */
export type CodeResult =
  | { readonly kind: 'in'; readonly secret: string; readonly browser: string }
  | { readonly kind: 'wrong' | 'expired' | 'not-sent' | 'ended' | 'stale' };

/** Checks a code (A8), once: a right one lets the login in under a new secret and is gone. */
export async function enterCode(
  deps: AccessDeps,
  login: Login,
  { code, browser: known }: { readonly code: string; readonly browser: string | undefined },
): Promise<CodeResult> {
  const { store, now } = deps;
  const { group, name } = login.place;
  const secret = newSecret();
  const browser = isSecret(known) ? known : newSecret();
  await store.remember('login', hashOf(secret), login.place, IDLE_MS);
  const result = await store.change(group, [name], (access): Change<CodeResult> => {
    const here = ofPending(access, login, now());
    if (!here) return { result: { kind: 'stale' } };
    const { account, pending } = here;
    if (!pending.code) return { result: { kind: 'not-sent' } };
    if (isRight(deps, pending, code)) {
      if (now() >= pending.code.expiresAt) return { result: { kind: 'expired' } };
      const after = withSession(account, hashOf(secret), hashOf(browser), now());
      return { result: { kind: 'in', secret, browser }, accounts: new Map([[name, after]]) };
    }
    const wrongTries = pending.wrongTries + 1;
    const isOver = wrongTries >= MOST_WRONG_TRIES;
    const after = { ...account, pending: isOver ? null : { ...pending, wrongTries } };
    return { result: { kind: isOver ? 'ended' : 'wrong' }, accounts: new Map([[name, after]]) };
  });
  const worthless = [
    ...(result.kind === 'in' || result.kind === 'ended' ? [login.hash] : []),
    ...(result.kind === 'in' ? [] : [hashOf(secret)]),
  ];
  // They lead to no login and expire by themselves: a failure must not cost the answer, which carries the new secret.
  for (const hash of worthless) await store.forget('login', hash).catch(() => undefined);
  return result;
}

function isRight({ sealKeys }: AccessDeps, { code, hash }: Pending, entered: string): boolean {
  const opened = code && open(code.sealed, hash, sealKeys);
  return opened?.ok === true && 'code' in opened.secret && isEqual(opened.secret.code, entered);
}
