import { parse, serialize } from 'cookie';
import type { IncomingHttpHeaders } from 'node:http';

/** A browser keeps such a name only from https, for this host alone and every path of it. */
const PREFIX = '__Host-';

/** The value of one of our cookies; `undefined` when the browser has none. */
export function readCookie(headers: IncomingHttpHeaders, name: string): string | undefined {
  return parse(headers.cookie ?? '')[`${PREFIX}${name}`];
}

/**
 * A cookie as `Set-Cookie` says it. Without `maxAgeSeconds` it ends with the browser; 0 removes it. Lax: who comes from
 * a link of our mail is still logged in.
 */
export function cookie(name: string, value: string, maxAgeSeconds?: number): string {
  return serialize(`${PREFIX}${name}`, value, {
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  });
}
