import type { RecordAnswer } from '#platform';
import type { BrandOf } from '../brand-of-host.ts';
import { errorPage } from '../pages/error/view.tsx';
import { ANSWER_HEADERS, HTTPS_ONLY } from './answer-headers.ts';
import { saysForm } from './read-form.ts';
import { PageError } from './page-error.ts';
import type { PageWriter } from './page-writer.ts';
import type { Route, RouteTable } from './route-table.ts';
import { isFromThisSite } from './same-site.ts';
import type { Middleware, SiteRequest } from './site-request.ts';

/** What the front door needs. */
export interface FrontDoorOptions {
  readonly routes: RouteTable;
  readonly brandOf: BrandOf;
  readonly isProxy: (address: string) => boolean;
  readonly writePage: PageWriter;
  readonly record: RecordAnswer;
}

/**
 * Checks every request before its body is read: a known path (404), a method of it (405), a POST of a page of ours
 * (403) that carries a form (415). Sets the headers of every answer, and records it by its route.
 */
export function frontDoor({ routes, brandOf, isProxy, writePage, record }: FrontDoorOptions): Middleware {
  return (request, response, next) => {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    const route = routes(path);
    record(request, response, { route });
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) response.setHeader(name, value);
    if (request.secure) response.setHeader('strict-transport-security', HTTPS_ONLY);
    // Express has a `query` of its own, which makes objects of what a stranger writes.
    Object.defineProperty(request, 'query', { value: new URLSearchParams(query) });
    request.brand = brandOf(request.headers.host);
    const byProxy = isProxy(request.socket.remoteAddress ?? '');
    const refusal = refusalOf(request, route?.who === 'inside' && byProxy ? undefined : route);
    if (route) request.route = route;
    if (refusal) response.end(writePage(request, response, errorPage(refusal, request.brand)));
    else next();
  };
}

function refusalOf(request: SiteRequest, route: Route | undefined): PageError | undefined {
  const { method = '', headers, secure } = request;
  if (route === undefined) return new PageError('not-found');
  if (!route.methods.includes(method))
    return new PageError('wrong-method', { headers: { allow: route.methods.join(', ') } });
  if (method !== 'POST') return undefined;
  if (!isFromThisSite(headers, secure)) return new PageError('foreign-site');
  return saysForm(request, route.upload) ? undefined : new PageError('wrong-type');
}
