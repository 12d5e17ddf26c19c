import { findLogin, IDLE_MS, LONGEST_MS, type AccessDeps, type FoundLogin, type Login } from '#access';
import type { Brands } from '#mail';
import type { Middleware } from '#pages';
import { NO_LOGIN, loginCookies } from './login-cookies.ts';
import type { LoginStage, Route } from './page-route.ts';
import type { SiteRequest } from './site-request.ts';

/** What admitting a request needs. */
export interface AdmitOptions {
  readonly access: AccessDeps;
  readonly brands: Brands;
}

/** Where a login goes from which nothing else was asked: to what it has to do first, or to its menu. */
const HOME: Readonly<Record<LoginStage, string>> = {
  'change-password': '/password',
  'choose-one-time': '/one-time-password',
  code: '/code',
  in: '/menu',
  'self-care-code': '/self-care/code',
  'self-care': '/self-care/menu',
};

/** How far a login is. */
function loginStage({ stage, subscriber }: Login): LoginStage {
  if (subscriber) return stage ?? 'in';
  return stage === 'code' ? 'self-care-code' : 'self-care';
}

/** Where a login goes on. */
export function homeOf(login: Login): string {
  const hasRegistered = login.stage === 'choose-one-time' && login.account.oneTime.registration !== null;
  return hasRegistered ? '/one-time-password/sent' : HOME[loginStage(login)];
}

/**
 * Finds the login of every request, and lets through who may ask for its route. Others are sent to what their login has
 * to do first, or to log in: there they are told why, and are led back afterwards.
 */
export function admit({ access, brands }: AdmitOptions): Middleware<SiteRequest> {
  return (request, response, next) => {
    const { who } = request.route;
    if (who === 'inside') return next();
    findLogin(access, loginCookies(request.headers)).then(
      (found) => {
        if (found.kind === 'found') show(request, found.login, access.now(), brands);
        const elsewhere = who === 'open' ? undefined : whereElse(request, who, found);
        if (elsewhere === undefined) return next();
        response.statusCode = 303;
        response.setHeader('location', elsewhere);
        if (found.kind !== 'found') response.setHeader('set-cookie', NO_LOGIN);
        response.end();
      },
      // What everybody may see is there without Redis, too.
      (error: unknown) => (who === 'open' && request.method !== 'POST' ? next() : next(error)),
    );
  };
}

function whereElse(request: SiteRequest, who: readonly LoginStage[], found: FoundLogin): string | undefined {
  if (found.kind === 'found') return who.includes(loginStage(found.login)) ? undefined : homeOf(found.login);
  const isSelfCare = who.every((stage) => stage.startsWith('self-care'));
  const parameters = new URLSearchParams();
  if (loginCookies(request.headers).login !== undefined)
    parameters.set('why', found.kind === 'ended' ? found.reason : 'idle');
  const next = pathToComeBackTo(request, request.route);
  if (next !== undefined && !isSelfCare) parameters.set('next', next);
  const query = parameters.toString();
  return (isSelfCare ? '/self-care' : '/login') + (query === '' ? '' : `?${query}`);
}

/** A page, never a form's answer; the menu is where everybody comes anyway. */
function pathToComeBackTo({ url = '' }: SiteRequest, { template, methods, who }: Route): string | undefined {
  const isPage = methods.includes('GET') && typeof who !== 'string' && who.includes('in');
  return isPage && template !== '/menu' ? url.split('?', 1)[0] : undefined;
}

/** Makes the login known to the page: whose it is, in which brand's name, and how long it lasts. */
function show(request: SiteRequest, login: Login, now: number, brands: Brands): void {
  const { account, subscriber, access } = login;
  request.login = login;
  request.brand = brands.get(subscriber?.line.brand ?? access.profile?.brand ?? '') ?? request.brand;
  if (login.stage !== undefined || !account.session) return;
  const left = Math.min(IDLE_MS, account.session.startedAt + LONGEST_MS - now);
  request.shownLogin = {
    ...(subscriber && { number: subscriber.number }),
    home: homeOf(login),
    secondsLeft: Math.floor(left / 1000),
  };
}
