import type { IncomingHttpHeaders } from 'node:http';
import { cookie, readCookie } from '#pages';

const NAME = 'operator';

/** The secret that a browser sent. */
export const operatorSecret = (headers: IncomingHttpHeaders): string | undefined => readCookie(headers, NAME);

/** The cookie of a session; it ends with the browser. */
export const cookieOf = (secret: string): readonly string[] => [cookie(NAME, secret)];

/** Removes the cookie. */
export const NO_OPERATOR: readonly string[] = [cookie(NAME, '', 0)];
