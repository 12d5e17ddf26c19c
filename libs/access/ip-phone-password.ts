import { randomUUID } from 'node:crypto';
import { open, seal } from '#events';
import type { Account, Draft, DueCommand } from './account.ts';
import { checkPassword } from './check-password.ts';
import type { AccessDeps } from './deps.ts';
import { keepDraft } from './drafts.ts';
import type { Login } from './find-login.ts';
import { effectiveAt } from './ip-phone-hours.ts';
import { ipPhonePasswordProblem, type IpPhoneProblem } from './ip-phone-rules.ts';
import { accountOf, placeOfIpPhone } from './places.ts';
import type { Change, SelfCareProfile } from './ports.ts';
import { forgotten } from './tries.ts';

/** Makes the current password of an IP phone known (V4), as the operator says it; it is never read back. */
export async function setIpPhonePassword(
  { store, hasher, now }: Pick<AccessDeps, 'store' | 'hasher' | 'now'>,
  number: string,
  password: string,
): Promise<void> {
  const phc = await hasher.hash(password);
  const { group, name } = placeOfIpPhone(number);
  await store.change(group, [name], (access) => {
    const account = forgotten({ ...accountOf(access, name), password: { phc, changedAt: now() } });
    return { result: undefined, accounts: new Map([[name, account]]), durable: true };
  });
}

/** A new password for an IP phone, as it is typed. */
export interface IpPhoneChange {
  readonly number: string;
  readonly current: string;
  readonly next: string;
}

/**
 * `not-yours`: the number is not one of the login's. `unset`: nobody has said what its current password is. `stale`: the
 * login is not there any more.
 */
export type IpPhoneChangeResult =
  | { readonly kind: 'asked' | 'not-yours' | 'unset' | 'current-wrong' | 'stale' }
  | { readonly kind: 'next'; readonly problem: IpPhoneProblem }
  | { readonly kind: 'wait'; readonly seconds: number };

/** The profile of a self-care login that is in. */
function profileOf({ stage, access }: Login): SelfCareProfile | undefined {
  return stage === undefined ? (access.profile ?? undefined) : undefined;
}

/**
 * Checks a new password for an IP phone (V4) and keeps it, sealed, with the login until it is confirmed. A wrong current
 * one counts as a try of the phone (A3): ten in a row, by whichever login, and it has to be made known anew.
 */
export async function requestIpPhonePassword(
  deps: AccessDeps,
  login: Login,
  { number, current, next }: IpPhoneChange,
): Promise<IpPhoneChangeResult> {
  const { store, hasher, sealKeys } = deps;
  const profile = profileOf(login);
  if (!profile) return { kind: 'stale' };
  if (!profile.numbers.includes(number)) return { kind: 'not-yours' };
  const problem = ipPhonePasswordProblem(next) ?? (next === current ? 'same' : undefined);
  if (problem) return { kind: 'next', problem };
  const place = placeOfIpPhone(number);
  if (!accountOf(await store.read(place.group, [number]), number).password) return { kind: 'unset' };
  const verdict = await checkPassword(deps, {
    place,
    password: current,
    browser: undefined,
    source: login.place.name,
    number,
    brand: profile.brand,
    mayLogIn: () => true,
  });
  if (verdict.kind === 'wait') return verdict;
  if (verdict.kind === 'wrong') return { kind: 'current-wrong' };
  const isKept = await keepDraft(deps, login, {
    what: 'ip-phone-password',
    number,
    sealed: seal({ password: next }, login.hash, sealKeys),
    phc: await hasher.hash(next, login.place.name),
    replaces: verdict.credential.phc,
    eventId: randomUUID(),
  });
  return { kind: isKept ? 'asked' : 'stale' };
}

type IpPhoneDraft = Extract<Draft, { what: 'ip-phone-password' }>;

/** The change that waits; none of a number that the operator has taken from the id since. */
function draftOf(login: Login): IpPhoneDraft | undefined {
  const draft = login.account.session?.draft;
  if (draft?.what !== 'ip-phone-password') return undefined;
  return profileOf(login)?.numbers.includes(draft.number) ? draft : undefined;
}

/** When calls of an IP phone do not work (V4), in epoch milliseconds. */
export interface IpPhoneOutage {
  readonly number: string;
  /** The password was changed. */
  readonly at: number;
  /** The new one is in force. */
  readonly effectiveAt: number;
}

/** What the change that waits to be confirmed would mean if that were done now; `undefined`: none waits. */
export function askedIpPhoneChange({ now }: AccessDeps, login: Login): IpPhoneOutage | undefined {
  const [profile, draft, at] = [profileOf(login), draftOf(login), now()];
  return profile && draft && { number: draft.number, at, effectiveAt: effectiveAt(profile.service, at) };
}

/**
 * Changes the password that waits to be confirmed (V4). The switch's command is due with the same step (V5). Once more,
 * or after a cut connection, it finds that it is done. False when none waits, or the current one is not any more what
 * was entered for it.
 */
export async function confirmIpPhonePassword(deps: AccessDeps, login: Login): Promise<boolean> {
  const { store, sealKeys, now } = deps;
  const [profile, draft] = [profileOf(login), draftOf(login)];
  const opened = draft && open(draft.sealed, login.hash, sealKeys);
  if (!profile || !draft || opened?.ok !== true || !('password' in opened.secret)) return false;
  const { number, eventId } = draft;
  const at = now();
  const sealed = seal(opened.secret, eventId, sealKeys);
  const command = { eventId, number, at, effectiveAt: effectiveAt(profile.service, at), sealed };
  const { group, name } = placeOfIpPhone(number);
  const isDone = await store.change(group, [name], (access): Change<boolean> => {
    const account = accountOf(access, name);
    if (account.password?.phc === draft.phc) return { result: true };
    if (account.password?.phc !== draft.replaces) return { result: false };
    const after = withNewPassword(account, draft.phc, command);
    return { result: true, accounts: new Map([[name, after]]), durable: true };
  });
  await keepDraft(deps, login, null);
  return isDone;
}

function withNewPassword(account: Account, phc: string, command: DueCommand): Account {
  const { at, effectiveAt: from } = command;
  return {
    ...forgotten({ ...account, password: { phc, changedAt: at } }),
    ipPhoneChange: { at, effectiveAt: from },
    dueCommands: [...account.dueCommands, command],
  };
}

/** A change of an IP phone's password; `isTold`: Kafka has its command, so that the switch learns of it. */
export type IpPhoneState = IpPhoneOutage & { readonly isTold: boolean };

/** The last changes of a login's IP phones that are not in force yet, or that the switch is not told yet (V4, V5). */
export async function openIpPhoneChanges(
  { store, now }: AccessDeps,
  login: Login,
): Promise<readonly IpPhoneState[]> {
  const numbers = profileOf(login)?.numbers ?? [];
  const found = await Promise.all(
    numbers.map(async (number): Promise<readonly IpPhoneState[]> => {
      const access = await store.read(placeOfIpPhone(number).group, [number]);
      const { ipPhoneChange: change, dueCommands } = accountOf(access, number);
      const isTold = dueCommands.length === 0;
      if (!change || (isTold && change.effectiveAt <= now())) return [];
      return [{ number, ...change, isTold }];
    }),
  );
  return found.flat().toSorted((one, other) => other.at - one.at);
}
