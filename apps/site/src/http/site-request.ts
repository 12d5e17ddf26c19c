import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Login, Subscriber } from '#access';
import type { Brand } from '#mail';
import type { ShownLogin } from '../ui/layout.tsx';
import type { FormBody } from './form-body.ts';
import type { Route } from './route-table.ts';

/** A request as the controllers get it: Express's, and what was found out on its way to them. */
export interface SiteRequest extends IncomingMessage {
  /** Whether the browser came by https; our proxies say so for it. */
  readonly secure: boolean;
  /** The address of the browser; our proxies say so for it. */
  readonly ip: string | undefined;
  /** What stands behind the `?` of the address. */
  query: URLSearchParams;
  /** The values of the path's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  /** By the host before the login, by the number after it. */
  brand: Brand;
  /** The row of the table that it is for. */
  route: Route;
  /** The login it came with, as it is now. */
  login?: Login;
  /** The login that is in, as the page shows it. */
  shownLogin?: ShownLogin;
  /** What a POST carries. */
  form: FormBody;
}

/** A step on the way of a request. */
export type Middleware = (
  request: SiteRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** The login of a request whose route asks for one. */
export function loginOf({ login }: SiteRequest): Login {
  if (!login) throw new Error('the route of this page asks for no login');
  return login;
}

/** The login of a request whose route asks for one of a number. */
export function subscriberLoginOf(request: SiteRequest): Login & { readonly subscriber: Subscriber } {
  const login = loginOf(request);
  const { subscriber } = login;
  if (!subscriber) throw new Error('the route of this page asks for no number');
  return { ...login, subscriber };
}
