import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { createHistogram } from '#metrics';
import { HTTP_SECONDS, tokenOwners, type ApiToken, type Logger } from '#platform';
import { DIALOGUE_PATH } from './voice-document.ts';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface FrontDoorOptions {
  readonly tokens: readonly ApiToken[];
  readonly logger: Logger;
  readonly registry: Registry;
}

/** Why a request gets no VoiceXML. */
export interface Refusal {
  readonly status: number;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

const READ = ['GET', 'HEAD'];
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  [DIALOGUE_PATH]: ['GET', 'POST'],
  '/livez': READ,
  '/readyz': READ,
  '/metrics': READ,
};
const FORM = 'application/x-www-form-urlencoded';

/**
 * Checks every request before its body is read: a known path (404), a token for the dialogue (401), a method (405), a form
 * (415). Logs and measures it by its route: the path holds the caller's number.
 */
export function frontDoor({ tokens, logger, registry }: FrontDoorOptions): Middleware {
  const ownerOf = tokenOwners(tokens);
  const seconds = createHistogram(registry, HTTP_SECONDS);
  return (request, response, next) => {
    const started = performance.now();
    const { method = '', headers } = request;
    const route = (request.url ?? '').split('?', 1)[0] ?? '';
    const methods = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
    const client = ownerOf(shownToken(headers.authorization) ?? '');
    response.once('close', () => {
      const { statusCode: status } = response;
      const took = performance.now() - started;
      const line = { client, method, route: methods && route, status, ms: Math.round(took * 10) / 10 };
      logger[route === DIALOGUE_PATH ? 'info' : 'debug'](line, 'answered');
      if (methods?.includes(method)) seconds.observe({ route, method, status }, took / 1000);
    });
    const refusal = refusalOf({ methods, method, headers }, route !== DIALOGUE_PATH || client !== undefined);
    if (refusal) answerRefusal(response, refusal);
    else next();
  };
}

function refusalOf(
  {
    methods,
    method,
    headers,
  }: Pick<IncomingMessage, 'headers'> & { methods?: readonly string[] | undefined; method: string },
  isKnown: boolean,
): Refusal | undefined {
  if (methods === undefined) return { status: 404, detail: 'there is nothing at this path' };
  if (!isKnown)
    return {
      status: 401,
      detail: 'expected a known token in Authorization, as Bearer or as the password of Basic',
      headers: { 'www-authenticate': ['Bearer', 'Basic realm="voice", charset="UTF-8"'] },
    };
  if (!methods.includes(method)) {
    const allow = methods.join(', ');
    return { status: 405, detail: `expected one of ${allow}`, headers: { allow } };
  }
  const [type = ''] = (headers['content-type'] ?? '').split(';', 1);
  if (method === 'POST' && type.trim().toLowerCase() !== FORM)
    return { status: 415, detail: `expected ${FORM}` };
  return undefined;
}

/** The token of a `Bearer` header, or the password of a `Basic` one. */
function shownToken(authorization = ''): string | undefined {
  const [, scheme = '', shown = ''] = /^(bearer|basic) +([\x21-\x7e]+) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return shown;
  return /^[^:]*:(.*)$/s.exec(Buffer.from(shown, 'base64').toString())?.[1];
}

/** Writes a refusal as a problem document (RFC 9457). */
export function answerRefusal(response: ServerResponse, { status, detail, headers }: Refusal): void {
  response
    .writeHead(status, {
      ...headers,
      'cache-control': 'no-store',
      'content-type': 'application/problem+json',
    })
    .end(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail }));
}
