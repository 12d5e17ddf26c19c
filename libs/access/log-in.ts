import { succeeded, tryPassword, type PasswordCheck, type PasswordVerdict } from './check-password.ts';
import { credentialOf, mustChange, unitToLogIn } from './credentials.ts';
import type { AccessDeps } from './deps.ts';
import { IDLE_MS, PENDING_MS, stageOf, withPending, withSession, type Stage } from './logins.ts';
import { accountOf, placeOf, placeOfNobody, placeOfSelfCare } from './places.ts';
import type { Change } from './ports.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { sourceOf } from './source-of.ts';
import { mayLogIn } from './unit.ts';

/** Somebody tries to log in, with a telephone number (A1) or a self-care id (A14). */
export interface LoginTry {
  readonly as: { readonly number: string } | { readonly selfCareId: string };
  readonly password: string;
  /** The secret of the browser's cookie, when it has one. */
  readonly browser: string | undefined;
  /** The address that the request comes from. */
  readonly source: string;
}

/** `in` and `pending` carry the login's new secret, for its cookie; `in` also the browser's. */
export type LoginResult =
  | { readonly kind: 'in'; readonly secret: string; readonly browser: string }
  | { readonly kind: 'pending'; readonly secret: string; readonly stage: Stage }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait' | 'source-limit'; readonly seconds: number };

/**
 * Logs in (A1, A3, A4, A8, A12). Unknown, not allowed by the unit, without a password, invalid, lapsed and wrong are one
 * refusal, at the same cost.
 */
export async function logIn(deps: AccessDeps, login: LoginTry): Promise<LoginResult> {
  // Begun before the source is counted, to read both at once; a rejection is dealt with below.
  const check = preparedCheck(deps, login);
  check.catch(() => undefined);
  const source = await deps.sources.take(sourceOf(login.source));
  if (source.retryAfterSeconds > 0) return { kind: 'source-limit', seconds: source.retryAfterSeconds };
  const verdict = await check
    .then((ready) => tryPassword(deps, ready))
    .catch(async (error: unknown) => {
      await source.giveBack();
      throw error;
    });
  if (verdict.kind === 'wrong') return { kind: 'refused' };
  // Only what was looked at and wrong counts.
  const [result] = await Promise.all([
    verdict.kind === 'wait' ? verdict : admit(deps, login, await check, verdict),
    source.giveBack(),
  ]);
  return result;
}

async function preparedCheck(
  deps: AccessDeps,
  { as, password, browser, source }: LoginTry,
): Promise<PasswordCheck> {
  const common = {
    password,
    source: sourceOf(source),
    browser: browser === undefined ? undefined : hashOf(browser),
  };
  if ('selfCareId' in as) return selfCareCheck(deps, as.selfCareId, common);
  const { number } = as;
  const line = await deps.lines.findLine(number);
  return {
    ...common,
    number,
    place: line ? placeOf(line, number) : placeOfNobody(number),
    brand: line?.brand ?? '',
    mayLogIn: (access) => {
      const unit = unitToLogIn(access.unit, accountOf(access, number), deps.now());
      return line !== undefined && mayLogIn(line, unit, number);
    },
  };
}

async function selfCareCheck(
  { store }: AccessDeps,
  id: string,
  common: Pick<PasswordCheck, 'password' | 'source' | 'browser'>,
): Promise<PasswordCheck> {
  const place = placeOfSelfCare(id);
  const { profile } = await store.read(place.group, [id]);
  return {
    ...common,
    number: profile?.numbers[0] ?? '',
    place: profile ? place : placeOfNobody(`self-care:${id}`),
    brand: profile?.brand ?? '',
    mayLogIn: (access) => access.profile !== null,
  };
}

/** Begins the login, unless what its password was compared with is no longer what holds. */
async function admit(
  deps: AccessDeps,
  login: LoginTry,
  check: PasswordCheck,
  { credential }: Extract<PasswordVerdict, { kind: 'right' }>,
): Promise<LoginResult> {
  const { store, now } = deps;
  const { group, name } = check.place;
  const secret = newSecret();
  const browser = isSecret(login.browser) ? login.browser : newSecret();
  const hash = hashOf(secret);
  const [result] = await Promise.all([
    store.change(group, [name], (access): Change<LoginResult> => {
      const account = succeeded(accountOf(access, name), check.browser);
      if (!check.mayLogIn(access) || credentialOf(account, now())?.phc !== credential.phc)
        return { result: { kind: 'refused' }, accounts: new Map([[name, account]]) };
      const changes = access.profile === null && mustChange(account, deps.policyOf(check.brand), now());
      const stage = stageOf(access, account, changes);
      const after = stage
        ? withPending(account, hash, changes, now())
        : withSession(account, hash, hashOf(browser), now());
      return {
        result: stage ? { kind: 'pending', secret, stage } : { kind: 'in', secret, browser },
        accounts: new Map([[name, after]]),
      };
    }),
    // At the same time, because nobody has the secret yet; without its account it finds nothing.
    store.remember('login', hash, check.place, Math.max(PENDING_MS, IDLE_MS)),
  ]);
  return result;
}
