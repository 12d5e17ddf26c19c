import { dictionary } from '@zxcvbn-ts/language-common';

/** What a brand asks of a password (A5). */
export interface PasswordPolicy {
  readonly minLength: number;
  readonly maxLength: number;
  /** Which kinds of characters a password must not be made of alone. */
  readonly notOnly: readonly ('digits' | 'letters')[];
  /** After how many days it has to be changed; 0: never. */
  readonly days: number;
}

/** The sources' policy. */
export const DEFAULT_PASSWORD_POLICY: PasswordPolicy = {
  minLength: 8,
  maxLength: 12,
  notOnly: ['digits'],
  days: 60,
};

/** What is wrong with a new password. `same`: it is the current one. */
export type PasswordProblem =
  | 'empty'
  | 'full-width'
  | 'characters'
  | 'length'
  | 'only-digits'
  | 'only-letters'
  | 'well-known'
  | 'contains-number'
  | 'same';

const DAY_MS = 86_400_000;
/** From when on the top page says that the password expires. */
const ANNOUNCED_DAYS = 14;

const wellKnown: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/**
 * Checks a new password against the policy and against what anybody would guess of it (A5). `undefined`: it is good.
 * Whether it is the current one is for whoever holds the hash to say.
 */
export function passwordProblem(
  password: string,
  number: string,
  { minLength, maxLength, notOnly }: PasswordPolicy,
): Exclude<PasswordProblem, 'same'> | undefined {
  if (password === '') return 'empty';
  if (hasFullWidth(password)) return 'full-width';
  if (!/^[0-9A-Za-z]*$/.test(password)) return 'characters';
  if (password.length < minLength || password.length > maxLength) return 'length';
  if (notOnly.includes('digits') && /^[0-9]*$/.test(password)) return 'only-digits';
  if (notOnly.includes('letters') && /^[A-Za-z]*$/.test(password)) return 'only-letters';
  if (wellKnown.has(password.toLowerCase())) return 'well-known';
  return containsNumber(password, number) ? 'contains-number' : undefined;
}

/** Whether a text has a full-width character, which a Japanese keyboard makes where ASCII was meant. */
export function hasFullWidth(text: string): boolean {
  return /[\u3000-\u30FF\uFF00-\uFFEF]/u.test(text);
}

/** Whether a text contains a telephone number, with its leading 0 or without. */
export function containsNumber(text: string, number: string): boolean {
  return number.length > 1 && text.includes(number.slice(1));
}

/** When a password that was changed then expires, in epoch milliseconds; `undefined`: never. */
export function expiryOf(changedAt: number, { days }: PasswordPolicy): number | undefined {
  return days === 0 ? undefined : changedAt + days * DAY_MS;
}

/** The whole days until a password expires when that is announced already, at least 1; else `undefined` (A5). */
export function daysLeft(changedAt: number, policy: PasswordPolicy, now: number): number | undefined {
  const expiry = expiryOf(changedAt, policy);
  if (expiry === undefined || expiry <= now) return undefined;
  const days = Math.ceil((expiry - now) / DAY_MS);
  return days <= ANNOUNCED_DAYS ? days : undefined;
}
