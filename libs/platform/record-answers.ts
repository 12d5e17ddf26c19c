import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { createHistogram } from '#metrics';
import { HTTP_SECONDS } from './http-seconds.ts';
import type { Logger } from './logger.ts';
import type { TraceContext, Traces } from './traces/traces.ts';

/** What is known of a request when it comes in. */
interface Known {
  /** `undefined` for a path that nobody has. */
  readonly route: { readonly template: string; readonly methods: readonly string[] } | undefined;
  /** The name of who asks, where there is one; asked for when the request is answered. */
  readonly client?: (() => string | undefined) | undefined;
  /** The trace that the request says it belongs to. */
  readonly trace?: TraceContext | undefined;
}

/**
 * Follows one request to its answer. Call it before anything is answered. Returns the trace context of what the request
 * causes.
 */
export type RecordAnswer = (
  request: IncomingMessage,
  response: ServerResponse,
  known: Known,
) => TraceContext | undefined;

/**
 * Logs and measures (`notify_http_seconds`) every answer by its route's template, never by its path, query or address:
 * they contain numbers. Answers to what changes something are logged as `info`, the others as `debug`. With `traces`,
 * each sampled request has a span.
 */
export function recordAnswers({
  logger,
  registry,
  traces,
}: {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly traces: Traces | undefined;
}): RecordAnswer {
  const seconds = createHistogram(registry, HTTP_SECONDS);
  return ({ method = '' }, response, { route, client, trace }) => {
    const template = route?.methods.includes(method) ? route.template : undefined;
    const span = traces && beginSpan(traces, trace, method, template);
    const context = span?.context ?? trace;
    const started = performance.now();
    response.once('close', () => {
      const took = performance.now() - started;
      const status = response.statusCode;
      const ms = Math.round(took * 10) / 10;
      const traceId = context?.traceparent.slice(3, 35);
      const line = { client: client?.(), method, route: route?.template, status, ms, traceId };
      logger[['PUT', 'POST', 'DELETE'].includes(method) ? 'info' : 'debug'](line, 'answered');
      // A method that nobody has could be any word: no label may be.
      if (template !== undefined) seconds.observe({ route: template, method, status }, took / 1000);
      span?.set({ 'http.response.status_code': status });
      span?.end(status >= 500 ? String(status) : undefined);
    });
    return context;
  };
}

function beginSpan(
  traces: Traces,
  trace: TraceContext | undefined,
  method: string,
  template: string | undefined,
): ReturnType<Traces['serve']> {
  if (template === undefined) return traces.serve('HTTP', trace, { 'http.request.method': '_OTHER' });
  const attributes = { 'http.request.method': method, 'http.route': template };
  return traces.serve(`${method} ${template}`, trace, attributes);
}
