import { randomBytes } from 'node:crypto';

/** A name that no other test, run or checkout uses, for topic and key prefixes, groups and mail addresses. */
export function uniqueName(what: string): string {
  return `${what}-${randomBytes(5).toString('hex')}`;
}
