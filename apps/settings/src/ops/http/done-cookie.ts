import { cookie, readCookie, type SeeOther } from '#pages';
import type { OpsRequest } from './ops-request.ts';

const NAME = 'done';
/** Longer than a browser takes to follow an answer. */
const KEPT_SECONDS = 60;

/** Leads to the page at `path`, which says once what was done: in a cookie, since anybody can make up an address. */
export function seeDone(path: string, what: string): SeeOther {
  return { seeOther: path, cookies: [cookie(NAME, `${what} ${path}`, KEPT_SECONDS)] };
}

/** What was done that the page at `path` has to say now. Its answer has to carry `DONE_IS_SAID`. */
export function justDone({ headers }: OpsRequest, path: string): string | undefined {
  const [what, where] = (readCookie(headers, NAME) ?? '').split(' ');
  return where === path ? what : undefined;
}

/** Whoever reloads a page is not told again. */
export const DONE_IS_SAID = { 'set-cookie': cookie(NAME, '', 0) };
