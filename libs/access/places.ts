import { NO_ACCOUNT, type Account } from './account.ts';
import type { Access, Place } from './ports.ts';
import type { Line } from './unit.ts';

/** Where the account of a line's number is. */
export function placeOf(line: Pick<Line, 'lineNumber'>, number: string): Place {
  return { group: `line:${line.lineNumber}`, name: number };
}

/** Where the account of a self-care id is. */
export function placeOfSelfCare(id: string): Place {
  return { group: `self-care:${id}`, name: id };
}

/** Where the password of an IP phone is (V4). */
export function placeOfIpPhone(number: string): Place {
  return { group: `ip-phone:${number}`, name: number };
}

/** Where tries for a name that is nobody's are counted: like others, so that nobody can tell them apart (A3). */
export function placeOfNobody(name: string): Place {
  return { group: `unknown:${name}`, name };
}

/** An account of a group; one never written is empty. */
export function accountOf(access: Access, name: string): Account {
  return access.accounts.get(name) ?? NO_ACCOUNT;
}
