import type { IncomingMessage, ServerResponse } from 'node:http';
import { Histogram, type Registry } from 'prom-client';
import type { Logger } from '#platform';
import type { Authenticate } from './bearer-tokens.ts';
import { mediaTypeProblem, parseJson } from './json-body.ts';
import { answerProblem, problemOf } from './problem-filter.ts';
import { problems, type HttpProblem } from './problem.ts';
import type { Route, RouteTable } from './route-table.ts';

/** A request that has passed: `client` is the name of its token. */
export interface ClientRequest extends IncomingMessage {
  client: string;
}

type Next = () => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

export interface FrontDoorOptions {
  readonly routes: RouteTable;
  readonly authenticate: Authenticate;
  readonly logger: Logger;
  readonly registry: Registry;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Only these carry a document. */
export const hasDocument = (request: IncomingMessage): boolean =>
  request.method === 'PUT' || request.method === 'POST';

/**
 * Checks every request before its body is read: its token (401), a known path (404), a method of it (405), a document
 * of the right kind (415). Logs and measures every request by its route, never by its path, which contains numbers.
 */
export function frontDoor({ routes, authenticate, logger, registry }: FrontDoorOptions): Middleware {
  const seconds = new Histogram({
    name: 'notify_http_seconds',
    help: 'From a request to its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return (request, response, next) => {
    const started = performance.now();
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const route = routes(path);
    const client = authenticate(request.headers.authorization);
    response.once('close', () => {
      const { method = '' } = request;
      const took = performance.now() - started;
      const line = {
        client,
        method,
        route: route?.template,
        status: response.statusCode,
        ms: Math.round(took * 10) / 10,
      };
      logger[hasDocument(request) || method === 'DELETE' ? 'info' : 'debug'](line, 'answered');
      if (route?.methods.includes(method))
        seconds.observe({ route: route.template, method, status: response.statusCode }, took / 1000);
    });
    const problem =
      path.startsWith('/v1/') && client === undefined ? problems.unauthorized() : refusal(request, route);
    if (problem) return answerProblem(response, problem);
    Object.assign(request, { client });
    next();
  };
}

function refusal(request: IncomingMessage, route: Route | undefined): HttpProblem | undefined {
  if (route === undefined) return problems.noSuchPath();
  if (!route.methods.includes(request.method ?? '')) return problems.methodNotAllowed(route.methods);
  return hasDocument(request) ? mediaTypeProblem(request.headers) : undefined;
}

/** Runs after the body parser, which leaves bytes: reads them as JSON; throws 400 when they are not. */
export const jsonBody: Middleware = (request, response, next) => {
  const carrier: IncomingMessage & { body?: unknown } = request;
  if (hasDocument(request)) {
    try {
      carrier.body = parseJson(Buffer.isBuffer(carrier.body) ? carrier.body : undefined);
    } catch (error) {
      answerProblem(response, problemOf(error));
      return;
    }
  }
  next();
};
