import type { Login, Subscriber } from '#access';
import type { Brand } from '#mail';
import type { PageRequest } from '#pages';
import type { ShownLogin } from '../ui/page.tsx';
import type { Who } from './page-route.ts';

/** A request as the site's controllers get it. */
export interface SiteRequest extends PageRequest<Who> {
  /** By the host before the login, by the number after it. */
  brand: Brand;
  /** The login it came with, as it is now. */
  login?: Login;
  /** The login that is in, as the page shows it. */
  shownLogin?: ShownLogin;
}

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
