import { NO_ONE_TIME, type Account } from './account.ts';
import { credentialOf, hasExpired, hasTemporary, temporaryExpiry } from './credentials.ts';
import type { AccessDeps } from './deps.ts';
import { withDueMail } from './due-messages.ts';
import { withoutLogin, withoutRegistration } from './logins.ts';
import { expiryOf, type PasswordPolicy } from './password-policy.ts';
import { accountOf, placeOf } from './places.ts';
import type { Change } from './ports.ts';
import { forgotten, isSpent } from './tries.ts';
import { unitOf, type Line, type Unit } from './unit.ts';

/** What an operator sees of a number (A15): never a secret. */
export interface AccessState {
  readonly unit: Unit;
  readonly password: 'none' | 'temporary' | 'set' | 'expired' | 'invalid';
  /** Epoch milliseconds, of the temporary password while there is one; `undefined`: nothing expires. */
  readonly passwordExpiresAt: number | undefined;
  readonly oneTimePassword: {
    readonly use: boolean | null;
    readonly address: string | null;
    /** Whether an address waits for its link. */
    readonly pending: boolean;
  };
  /** 1 while somebody is logged in with the number; what was idle too long may still count. */
  readonly sessions: number;
  readonly lastLoginAt: number | null;
  readonly interventions: Account['interventions'];
}

/** Reads the state of a line's number (A15). Rejects when Redis is away. */
export async function accessState(
  { store, policyOf, now }: Pick<AccessDeps, 'store' | 'policyOf' | 'now'>,
  line: Line,
  number: string,
): Promise<AccessState> {
  const { group, name } = placeOf(line, number);
  const access = await store.read(group, [name]);
  const account = accountOf(access, name);
  const { oneTime, session, interventions, lastLoginAt } = account;
  const policy = policyOf(line.brand);
  const { registration } = oneTime;
  const password = passwordState(account, hasExpired(account, policy, now()), now());
  return {
    unit: unitOf(access.unit),
    password,
    passwordExpiresAt: expiryIn(password, account, policy),
    oneTimePassword: {
      use: oneTime.use,
      address: oneTime.address,
      pending: registration !== null && registration.expiresAt > now(),
    },
    sessions: session ? 1 : 0,
    lastLoginAt,
    interventions,
  };
}

function passwordState(account: Account, isExpired: boolean, now: number): AccessState['password'] {
  const credential = credentialOf(account, now);
  if (!credential) return account.invalidated ? 'invalid' : 'none';
  if (isSpent(account.others, credential.kind)) return 'invalid';
  if (hasTemporary(account, now)) return 'temporary';
  return isExpired ? 'expired' : 'set';
}

/** When what the state is about expires; what is invalid, or is not there, does not. */
function expiryIn(
  state: AccessState['password'],
  { password, temporary }: Account,
  policy: PasswordPolicy,
): number | undefined {
  if (state === 'temporary') return temporary ? temporaryExpiry(temporary) : undefined;
  return password && (state === 'set' || state === 'expired')
    ? expiryOf(password.changedAt, policy)
    : undefined;
}

/** What an operator can do to a number (A15). */
export const INTERVENTIONS = ['end-sessions', 'invalidate-password', 'reset-one-time-password'] as const;
export type Intervention = (typeof INTERVENTIONS)[number];

/** How many interventions an account remembers. */
const REMEMBERED = 20;

/** Does what the help desk asks for a number (A15), and records who did it. Rejects when Redis is away. */
export async function intervene(
  { store, now }: Pick<AccessDeps, 'store' | 'now'>,
  line: Line,
  { number, what, by }: { readonly number: string; readonly what: Intervention; readonly by: string },
): Promise<void> {
  const { group, name } = placeOf(line, number);
  await store.change(group, [name], (access) => {
    const about = { number, brand: line.brand, at: now() };
    const after = recorded(done(accountOf(access, name), what, about), { at: now(), by, what });
    return { result: undefined, accounts: new Map([[name, after]]), durable: true };
  });
}

function done(
  account: Account,
  what: Intervention,
  about: { readonly number: string; readonly brand: string; readonly at: number },
): Account {
  const out = withoutLogin(withoutRegistration(account), 'operator');
  switch (what) {
    case 'end-sessions':
      return out;
    case 'invalidate-password':
      return withDueMail(
        { ...out, temporary: null, invalidated: true },
        { kind: 'account-locked', ...about },
      );
    case 'reset-one-time-password': {
      const told = withDueMail(out, { kind: 'address-changed', ...about });
      return { ...told, oneTime: NO_ONE_TIME };
    }
  }
}

function recorded(account: Account, entry: Account['interventions'][number]): Account {
  return { ...account, interventions: [entry, ...account.interventions].slice(0, REMEMBERED) };
}

/** A temporary password, dialled (A2) or given by a switch with a dialogue of its own. */
export interface TemporaryPasswordChange {
  readonly number: string;
  readonly unit: Unit;
  readonly password: string;
  /** Who dialled it. */
  readonly caller?: string;
  /** The token's name, when it came by the API. */
  readonly by?: string;
}

/**
 * Sets a temporary password (A2), in place of one set before; tries begin anew (A3). The unit becomes the line's when
 * the new password is set with it. The password has been checked. False, and nothing is set, where A2 does not allow
 * it: the line's unit may have become another during the call. Rejects when Redis is away.
 */
export async function setTemporaryPassword(
  { store, hasher, now }: Pick<AccessDeps, 'store' | 'hasher' | 'now'>,
  line: Pick<Line, 'lineNumber'>,
  { password, ...dialled }: TemporaryPasswordChange,
): Promise<boolean> {
  const { number, unit, by } = dialled;
  const { group, name } = placeOf(line, number);
  const phc = await hasher.hash(password);
  return store.change(group, [name], (access): Change<boolean> => {
    if (!mayDial(line, unitOf(access.unit), dialled)) return { result: false };
    const set = forgotten({ ...accountOf(access, name), temporary: { phc, setAt: now(), unit } });
    const what = 'temporary-password';
    const after = by === undefined ? set : recorded(set, { at: now(), by, what });
    return { result: true, accounts: new Map([[name, after]]), durable: true };
  });
}

/** For administrator/user, and under it, an additional number dials for itself alone: else it took over the line (A2). */
function mayDial(
  { lineNumber }: Pick<Line, 'lineNumber'>,
  present: Unit,
  { number, unit, caller = lineNumber }: Omit<TemporaryPasswordChange, 'password'>,
): boolean {
  if (unit === 'line' && number !== lineNumber) return false;
  if (caller === lineNumber) return true;
  return unit === 'administrator-user' ? number === caller : present !== 'administrator-user';
}
