import { randomBytes } from 'node:crypto';

/** A name that no other test, run or checkout has: for topic and key prefixes, groups, mail addresses. */
export function uniqueName(what: string): string {
  return `${what}-${randomBytes(5).toString('hex')}`;
}
