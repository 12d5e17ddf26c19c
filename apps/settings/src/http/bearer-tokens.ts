import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiToken } from '#platform';

/** Returns the client whose token an `Authorization` header carries, or `undefined`. */
export type Authenticate = (authorization: string | undefined) => string | undefined;

const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Compares digests of every known token, so that the time taken reveals nothing about any of them. */
export function bearerTokens(tokens: readonly ApiToken[]): Authenticate {
  const known = tokens.map(({ name, token }) => ({ name, digest: digest(token) }));
  return (authorization) => {
    const token = /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const given = digest(token);
    return known.reduce<string | undefined>(
      (found, one) => (timingSafeEqual(one.digest, given) ? one.name : found),
      undefined,
    );
  };
}
