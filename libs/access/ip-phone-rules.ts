import { hasFullWidth } from './password-policy.ts';

/** What is wrong with a new password of an IP phone (V4). `same`: it is the current one. */
export type IpPhoneProblem = 'empty' | 'full-width' | 'characters' | 'length' | 'same';

/** How many characters the password of an IP phone has. */
const LENGTH = 8;

/** Checks the password of an IP phone (V4): 8 of A–Z, a–z and 0–9, in any mixture. `undefined`: it is good. */
export function ipPhonePasswordProblem(password: string): Exclude<IpPhoneProblem, 'same'> | undefined {
  if (password === '') return 'empty';
  if (hasFullWidth(password)) return 'full-width';
  if (!/^[0-9A-Za-z]*$/.test(password)) return 'characters';
  return password.length === LENGTH ? undefined : 'length';
}
