import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiToken } from './environment-values.ts';

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Returns a function that names the owner of a token, or returns `undefined`. It compares digests of every known token, so
 * that the time taken reveals nothing about any of them.
 */
export function tokenOwners(tokens: readonly ApiToken[]): (token: string) => string | undefined {
  const known = tokens.map(({ name, token }) => ({ name, digest: digest(token) }));
  return (token) => {
    const given = digest(token);
    return known.reduce<string | undefined>(
      (found, one) => (timingSafeEqual(one.digest, given) ? one.name : found),
      undefined,
    );
  };
}
