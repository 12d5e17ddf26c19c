import { NO_ACCOUNT, type Account } from './account.ts';
import { checkPassword } from './check-password.ts';
import type { AccessDeps } from './deps.ts';
import { keepDraft } from './drafts.ts';
import type { Login, Subscriber } from './find-login.ts';
import { withoutLogin } from './logins.ts';
import { accountOf, placeOf } from './places.ts';
import type { Access, Change } from './ports.ts';
import { forgotten } from './tries.ts';
import { UNITS, unitOf, type Line, type Unit } from './unit.ts';

/** A change of a line's unit, and the number that it is made from (A6). */
export interface UnitChange {
  readonly from: Unit;
  readonly to: Unit;
  readonly by: string;
}

/** Whether a login may change its line's unit (A6): under administrator/user the line number alone may. */
export function mayChangeUnit({ unit, number, line }: Subscriber): boolean {
  return unit !== 'administrator-user' || number === line.lineNumber;
}

/** The units that a login may change to. */
export function otherUnits(subscriber: Subscriber): readonly Unit[] {
  return mayChangeUnit(subscriber) ? UNITS.filter((unit) => unit !== subscriber.unit) : [];
}

/**
 * The numbers whose passwords are asked (A6), the line number first; a number that never had one is not asked. One whose
 * password became invalid is: it has to be set by telephone before.
 */
export function numbersAsked({ line, unit }: Pick<Subscriber, 'line' | 'unit'>, access: Access): string[] {
  const numbers = [line.lineNumber, ...line.numbers.filter((number) => number !== line.lineNumber)];
  return unit === 'number'
    ? numbers.filter((number) => accountOf(access, number).password !== null)
    : [line.lineNumber];
}

/**
 * The accounts of a line after a change of its unit, by A6's table. Every login but `kept`, by its hash, is gone, and so
 * are the temporary passwords that were dialled for another unit: else a user could dial the line's password before the
 * unit becomes administrator/user, and use it then.
 */
export function accountsAfter(
  access: Access,
  line: Line,
  change: UnitChange,
  kept?: string,
): Map<string, Account> {
  const sourceOf = passwordSources(access, line, change);
  return new Map(
    line.numbers.map((number) => {
      const before = accountOf(access, number);
      const temporary = before.temporary?.unit === change.to ? before.temporary : null;
      const source = sourceOf(number);
      const account = { ...(source === before ? before : withPasswordOf(before, source)), temporary };
      const isKept = kept !== undefined && before.session?.hash === kept;
      return [number, isKept ? { ...account, pending: null } : withoutLogin(account, 'unit-changed')];
    }),
  );
}

/** The account with another one's password, and with what has come of that: when it expires, whether it is invalid. */
function withPasswordOf(account: Account, { password, invalidated, others }: Account): Account {
  return { ...forgotten(account), password, invalidated, others };
}

/** Whose password each number has after the change. */
function passwordSources(
  access: Access,
  { lineNumber }: Line,
  { from, to, by }: UnitChange,
): (number: string) => Account {
  if (to === 'line') {
    const source = accountOf(access, from === 'number' ? by : lineNumber);
    return (number) => (number === lineNumber ? source : NO_ACCOUNT);
  }
  return (number) => accountOf(access, from === 'line' ? lineNumber : number);
}

/** What came of the passwords that a change of unit asked for, by number; `wait`: in so many seconds. */
export type AskedVerdicts = ReadonlyMap<string, 'wrong' | { readonly wait: number }>;

/**
 * Checks the passwords that a change of unit asks for (A6), and remembers the change until it is confirmed. A wrong one
 * counts as a try of its number (A3). The map is empty when all are right; also for a login that may not change to that
 * unit, of which nothing is asked and nothing remembered.
 */
export async function requestUnitChange(
  deps: AccessDeps,
  login: Login & { readonly subscriber: Subscriber },
  to: Unit,
  passwords: ReadonlyMap<string, string>,
): Promise<AskedVerdicts> {
  const { line } = login.subscriber;
  const verdicts = new Map<string, 'wrong' | { wait: number }>();
  if (login.stage !== undefined || !otherUnits(login.subscriber).includes(to)) return verdicts;
  const access = await deps.store.read(login.place.group, line.numbers);
  for (const number of numbersAsked(login.subscriber, access)) {
    const verdict = await checkPassword(deps, {
      place: placeOf(line, number),
      password: passwords.get(number) ?? '',
      browser: login.browser,
      source: login.place.name,
      number,
      brand: line.brand,
      mayLogIn: () => true,
    });
    if (verdict.kind === 'wait') verdicts.set(number, { wait: verdict.seconds });
    if (verdict.kind === 'wrong') verdicts.set(number, 'wrong');
  }
  if (verdicts.size === 0) await keepDraft(deps, login, { what: 'unit', unit: to, at: deps.now() });
  return verdicts;
}

/**
 * Changes the unit that was asked for (A6). The login that does it stays in when its number may still log in. False
 * when there is nothing to confirm, or the line has changed since: its unit, or a password that was asked for.
 */
export async function confirmUnitChange(
  { store }: AccessDeps,
  { place, hash, subscriber }: Login & { readonly subscriber: Subscriber },
): Promise<boolean> {
  const { line, unit, number } = subscriber;
  return store.change(place.group, line.numbers, (access): Change<boolean> => {
    const draft = accountOf(access, place.name).session?.draft;
    const isHere = accountOf(access, place.name).session?.hash === hash;
    if (!isHere || draft?.what !== 'unit' || unitOf(access.unit) !== unit) return { result: false };
    const isKnown = (asked: string): boolean =>
      (accountOf(access, asked).password?.changedAt ?? 0) <= draft.at;
    if (!numbersAsked(subscriber, access).every(isKnown)) return { result: false };
    const staysIn = draft.unit !== 'line' || number === line.lineNumber;
    const change = { from: unit, to: draft.unit, by: number };
    const accounts = accountsAfter(access, line, change, staysIn ? hash : undefined);
    const own = accounts.get(number);
    if (own?.session) accounts.set(number, { ...own, session: { ...own.session, draft: null } });
    return { result: true, unit: draft.unit, accounts, durable: true };
  });
}
