import type { Stage } from '../logins.ts';
import type { Unit } from '../unit.ts';
import { LINE, NUMBER } from './access-scene.ts';

/** What spec §5 says of a line, told once more and plainly, for the model test: texts in clear, no hashes, no steps. */
export interface Reference {
  unit: Unit;
  now: number;
  readonly numbers: ReadonlyMap<string, NumberReference>;
}

type Pair = { readonly id: string; readonly password: string };

export interface NumberReference {
  readonly number: string;
  password?: { readonly text: string; readonly at: number } | undefined;
  isInvalid: boolean;
  temporary?:
    { readonly text: string; readonly at: number; readonly unit: Unit; readonly caller: string } | undefined;
  /** Wrong tries in a row, of each known browser and of all others. */
  wrong: Map<string, number>;
  readonly known: Set<string>;
  use: boolean | null;
  address?: string | undefined;
  pair?: Pair | undefined;
  link?:
    | { readonly token: string; readonly address: string; readonly pair?: Pair; readonly until: number }
    | undefined;
  codesAt: number[];
  linksAt: number[];
  wrongPairs: number;
  session?: { readonly id: number; readonly since: number } | undefined;
  waiting?: Waiting | undefined;
  /** The mails that are due, as `kind address`. */
  due: string[];
}

export interface Waiting {
  readonly id: number;
  until: number;
  readonly mustChange: boolean;
  code?: { readonly text: string; readonly until: number } | undefined;
  wrongTries: number;
  isPairRight: boolean;
}

const OTHERS = 'others';
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** A line whose unit was never chosen. */
export function createReference(now: number): Reference {
  const numbers = LINE.numbers.map((number): [string, NumberReference] => [
    number,
    {
      number,
      isInvalid: false,
      wrong: new Map(),
      known: new Set(),
      use: null,
      codesAt: [],
      linksAt: [],
      wrongPairs: 0,
      due: [],
    },
  ]);
  return { unit: 'line', now, numbers: new Map(numbers) };
}

/** A1's table. */
export function mayBeSet(unit: Unit, login: string): readonly string[] {
  const isLine = login === NUMBER;
  if (unit === 'line') return isLine ? LINE.numbers : [];
  return unit === 'administrator-user' && isLine ? LINE.numbers : [login];
}

/** A2: valid for 24 hours. */
export function temporaryOf({ now }: Reference, one: NumberReference): NumberReference['temporary'] {
  return one.temporary && now - one.temporary.at < DAY ? one.temporary : undefined;
}

/** What is right to enter now, whether or not it lets anybody in. */
export function rightText(reference: Reference, one: NumberReference): string | undefined {
  return temporaryOf(reference, one)?.text ?? one.password?.text;
}

/** A3: three wrong temporary passwords in a row, ten wrong passwords; each known browser has its own. */
export function tryPassword(
  reference: Reference,
  one: NumberReference,
  { browser, text, isAllowed }: { browser: string; text: string; isAllowed: boolean },
): boolean {
  const temporary = temporaryOf(reference, one);
  const right = temporary?.text ?? (one.isInvalid ? undefined : one.password?.text);
  const most = temporary ? 3 : 10;
  const lane = one.known.has(browser) ? browser : OTHERS;
  const wrong = one.wrong.get(lane) ?? 0;
  const isLookedAt = isAllowed && right !== undefined && wrong < most;
  const isRight = isLookedAt && text === right;
  one.wrong.set(lane, isRight ? 0 : wrong + 1);
  if (isLookedAt && !isRight && wrong + 1 === most) tell(one, 'account-locked');
  return isRight;
}

/** O4, where an address is known. */
export function tell(one: NumberReference, kind: string, address: string | undefined = one.address): void {
  if (address !== undefined) one.due.push(`${kind} ${address}`);
}

/** A4, A8: what comes before a login is in. */
export function stageOf(one: NumberReference, mustChange: boolean): Stage | undefined {
  if (mustChange) return 'change-password';
  if (one.use === true) return 'code';
  return one.use === null ? 'choose-one-time' : undefined;
}

/** A12: in, for the newest login; its browser is known from now on. */
export function comeIn(reference: Reference, one: NumberReference, id: number, browser: string): void {
  one.session = { id, since: reference.now };
  one.waiting = undefined;
  one.wrongPairs = 0;
  one.known.add(browser);
  one.wrong.set(browser, 0);
}

/** Nobody is logged in. */
export function endLogins(one: NumberReference): void {
  one.session = undefined;
  one.waiting = undefined;
}

/** A5: the password is 60 days old. */
export function hasExpired({ now }: Reference, { password }: NumberReference): boolean {
  return password !== undefined && now - password.at >= 60 * DAY;
}

/** Who may log in with a password or a temporary one. */
export function mayLogIn(reference: Reference, one: NumberReference): boolean {
  const unit = temporaryOf(reference, one)?.unit ?? reference.unit;
  return mayBeSet(unit, one.number).length > 0;
}

/** A6's table, and what a change of the unit ends; `kept` is the session that did it. */
export function changeUnit(reference: Reference, to: Unit, by: NumberReference, kept?: number): void {
  const from = reference.unit;
  const sources = new Map([...reference.numbers].map(([number, one]) => [number, { ...one }]));
  for (const one of reference.numbers.values()) {
    const source = sourceOf(from, to, one.number, by.number);
    if (source !== one.number) {
      const other = source === undefined ? undefined : sources.get(source);
      one.password = other?.password;
      one.isInvalid = other?.isInvalid ?? false;
      one.wrong = new Map([[OTHERS, other?.wrong.get(OTHERS) ?? 0]]);
    }
    if (one.temporary?.unit !== to) one.temporary = undefined;
    one.waiting = undefined;
    if (one.session?.id !== kept) one.session = undefined;
  }
  reference.unit = to;
}

/** Whose password a number has after a change of the unit. */
function sourceOf(from: Unit, to: Unit, number: string, by: string): string | undefined {
  switch (`${from} → ${to}`) {
    case 'number → line':
      return number === NUMBER ? by : undefined;
    case 'administrator-user → line':
      return number === NUMBER ? NUMBER : undefined;
    case 'line → number':
    case 'line → administrator-user':
      return NUMBER;
    default:
      return number;
  }
}

/** A8: at most five in 15 minutes. */
export function isTooMany(sentAt: readonly number[], now: number): boolean {
  return sentAt.filter((at) => now - at < 15 * MINUTE).length >= 5;
}
