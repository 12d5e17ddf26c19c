import type { Account } from './account.ts';
import { expiryOf, type PasswordPolicy } from './password-policy.ts';
import { unitOf, type Unit } from './unit.ts';

/** How long a temporary password lasts (A2). */
const TEMPORARY_MS = 86_400_000;

/** What a login's password is compared with now. */
export interface Credential {
  readonly kind: 'password' | 'temporary';
  readonly phc: string;
}

/** Whether a temporary password is there that has not lapsed. While it lasts it stands in the password's place. */
export function hasTemporary({ temporary }: Account, now: number): boolean {
  return temporary !== null && now < temporaryExpiry(temporary);
}

/** When a temporary password lapses, in epoch milliseconds (A2). */
export function temporaryExpiry({ setAt }: NonNullable<Account['temporary']>): number {
  return setAt + TEMPORARY_MS;
}

/**
 * The unit that says who may log in with an account: the line's, or while there is a temporary password the one that it
 * was dialled for. That one becomes the line's with the new password only (A2), for which somebody has to log in.
 */
export function unitToLogIn(line: Unit | null, account: Account, now: number): Unit {
  const { temporary } = account;
  return temporary && hasTemporary(account, now) ? temporary.unit : unitOf(line);
}

/** What an account's password is compared with now; `undefined`: there is nothing to log in with. */
export function credentialOf(account: Account, now: number): Credential | undefined {
  const { password, temporary, invalidated } = account;
  if (temporary && hasTemporary(account, now)) return { kind: 'temporary', phc: temporary.phc };
  return password && !invalidated ? { kind: 'password', phc: password.phc } : undefined;
}

/** Whether the password has to be changed before anything else (A4). */
export function mustChange(account: Account, policy: PasswordPolicy, now: number): boolean {
  return hasTemporary(account, now) || hasExpired(account, policy, now);
}

/** Whether an account's own password is older than the brand allows (A5). */
export function hasExpired({ password }: Account, policy: PasswordPolicy, now: number): boolean {
  const expiry = password && expiryOf(password.changedAt, policy);
  return typeof expiry === 'number' && expiry <= now;
}
