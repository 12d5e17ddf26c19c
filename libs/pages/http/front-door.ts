import type { ServerResponse } from 'node:http';
import type { RecordAnswer } from '#platform';
import { ANSWER_HEADERS, HTTPS_ONLY } from './answer-headers.ts';
import { PageError } from './page-error.ts';
import type { Middleware, PageRequest } from './page-request.ts';
import { saysForm } from './read-form.ts';
import type { FoundRoute, RouteTable } from './route-table.ts';
import { isFromThisSite } from './same-site.ts';

/** Answers a request with the page of an error. */
export type AnswerError<Request> = (request: Request, response: ServerResponse, error: PageError) => void;

/** What the front door needs. */
export interface FrontDoorOptions<Who, Request> {
  readonly routes: RouteTable<Who>;
  /** Whether this request may not know of the route; what it may not know of is not found. */
  readonly isHidden?: (request: Request, route: FoundRoute<Who>) => boolean;
  readonly answerError: AnswerError<Request>;
  /** The name of who asked, for the log, once the request is answered. */
  readonly clientOf?: ((request: Request) => string | undefined) | undefined;
  readonly record: RecordAnswer;
}

/**
 * Checks every request before its body is read: a known path (404), a method of it (405), a POST of a page of ours
 * (403) that carries a form (415). Sets the headers of every answer, and records it by its route.
 */
export function frontDoor<Who, Request extends PageRequest<Who>>({
  routes,
  isHidden = () => false,
  answerError,
  clientOf,
  record,
}: FrontDoorOptions<Who, Request>): Middleware<Request> {
  return (request, response, next) => {
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s, 2);
    const route = routes(path);
    // A stranger's traceparent would choose which requests are sampled, and the log's trace id.
    record(request, response, { route, client: clientOf && (() => clientOf(request)) });
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) response.setHeader(name, value);
    if (request.secure) response.setHeader('strict-transport-security', HTTPS_ONLY);
    // Express has a `query` of its own, which makes objects of what a stranger writes.
    Object.defineProperty(request, 'query', { value: new URLSearchParams(query) });
    const refusal = refusalOf(request, route && isHidden(request, route) ? undefined : route);
    if (route) request.route = route;
    if (refusal) answerError(request, response, refusal);
    else next();
  };
}

function refusalOf(request: PageRequest, route: FoundRoute<unknown> | undefined): PageError | undefined {
  const { method = '', headers, secure } = request;
  if (route === undefined) return new PageError('not-found');
  if (!route.methods.includes(method))
    return new PageError('wrong-method', { headers: { allow: route.methods.join(', ') } });
  if (method !== 'POST') return undefined;
  if (!isFromThisSite(headers, secure)) return new PageError('foreign-site');
  return saysForm(request, route.upload) ? undefined : new PageError('wrong-type');
}
