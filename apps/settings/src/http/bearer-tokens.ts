import { tokenOwners, type ApiToken } from '#platform';

/** Returns the client whose token an `Authorization` header carries, or `undefined`. */
export type Authenticate = (authorization: string | undefined) => string | undefined;

/** Reads the tokens of these clients from a `Bearer` header. */
export function bearerTokens(tokens: readonly ApiToken[]): Authenticate {
  const ownerOf = tokenOwners(tokens);
  return (authorization) => {
    const token = /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : ownerOf(token);
  };
}
