import type { IncomingHttpHeaders } from 'node:http';
import { PENDING_MS } from '#access';
import { cookie, readCookie } from '#pages';

/** The login's secret, and the browser's, by which it is known where it has logged in before (A3). */
const LOGIN = 'login';
const BROWSER = 'browser';
/** What browsers keep a cookie for at most. */
const BROWSER_SECONDS = 400 * 86_400;

/** The secrets that a browser sent. */
export function loginCookies(headers: IncomingHttpHeaders): {
  readonly login: string | undefined;
  readonly browser: string | undefined;
} {
  return { login: readCookie(headers, LOGIN), browser: readCookie(headers, BROWSER) };
}

/** The cookies of a login that is in; it ends with the browser, which is known from now on. */
export function cookiesOfSession(secret: string, browser: string): readonly string[] {
  return [cookie(LOGIN, secret), cookie(BROWSER, browser, BROWSER_SECONDS)];
}

/** The cookie of a login that still has to do something: it survives a closed window (A8). */
export function cookiesOfPending(secret: string): readonly string[] {
  return [cookie(LOGIN, secret, PENDING_MS / 1000)];
}

/** Removes the login's cookie; the browser stays known. */
export const NO_LOGIN: readonly string[] = [cookie(LOGIN, '', 0)];
