import type { IncomingMessage, ServerResponse } from 'node:http';
import { traceOfRequest, type TraceContext } from '#events';
import type { RecordAnswer } from '#platform';
import type { Authenticate } from './bearer-tokens.ts';
import { mediaTypeProblem, parseJson } from './json-body.ts';
import { answerProblem, problemOf } from './problem-filter.ts';
import { problems, type HttpProblem } from './problem.ts';
import type { Route, RouteTable } from './route-table.ts';

/** A request that has passed. */
export interface ClientRequest extends IncomingMessage {
  /** The name of its token. */
  client: string;
  /** The path of its operation, as OpenAPI writes it. */
  template: string;
  /** The trace context of what it causes. */
  trace?: TraceContext | undefined;
  /** Whether its operation takes a document. */
  takesDocument: boolean;
  /** Where it came from. */
  readonly ip: string | undefined;
  /** The values of the path's names. */
  readonly params: Readonly<Record<string, string>>;
}

type Next = () => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

export interface FrontDoorOptions {
  readonly routes: RouteTable;
  readonly authenticate: Authenticate;
  readonly record: RecordAnswer;
}

/** Whether the body of a request that has passed is to be read. */
export const hasDocument = (
  request: IncomingMessage & Pick<Partial<ClientRequest>, 'takesDocument'>,
): boolean => request.takesDocument === true;

/**
 * Checks every request before its body is read: its token (401), a known path (404), a method of it (405), a document
 * of the right kind (415). Logs and measures every request by its route, never by its path, which contains numbers.
 */
export function frontDoor({ routes, authenticate, record }: FrontDoorOptions): Middleware {
  return (request, response, next) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const route = routes(path);
    const client = authenticate(request.headers.authorization);
    // Only of whom we know: a stranger would choose which requests are sampled, and the log's trace id.
    const told = client === undefined ? undefined : traceOfRequest(request.headers);
    const trace = record(request, response, { route, client: () => client, trace: told });
    const problem =
      path.startsWith('/v1/') && client === undefined ? problems.unauthorized() : refusal(request, route);
    if (problem) return answerProblem(response, problem);
    Object.assign(request, {
      client,
      trace,
      template: route?.template,
      takesDocument: takesDocument(request, route),
    });
    next();
  };
}

function refusal(request: IncomingMessage, route: Route | undefined): HttpProblem | undefined {
  if (route === undefined) return problems.noSuchPath();
  if (!route.methods.includes(request.method ?? '')) return problems.methodNotAllowed(route.methods);
  return takesDocument(request, route) ? mediaTypeProblem(request.headers) : undefined;
}

function takesDocument({ method = '' }: IncomingMessage, route: Route | undefined): boolean {
  return route?.documents.includes(method) === true;
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
