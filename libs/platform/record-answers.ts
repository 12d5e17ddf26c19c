import type { IncomingMessage, ServerResponse } from 'node:http';
import { Histogram, type Registry } from 'prom-client';
import type { Logger } from './logger.ts';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is known of a request when it comes in. */
interface Known {
  /** `undefined` for a path that nobody has. */
  readonly route: { readonly template: string; readonly methods: readonly string[] } | undefined;
  /** The name of who asks, where there is one. */
  readonly client?: string | undefined;
}

/** Follows one request to its answer. Call it before anything is answered. */
export type RecordAnswer = (request: IncomingMessage, response: ServerResponse, known: Known) => void;

/**
 * Logs and measures (`notify_http_seconds`) every answer by its route's template, never by its path, query or address:
 * they contain numbers. Answers to what changes something are logged as `info`, the others as `debug`.
 */
export function recordAnswers({
  logger,
  registry,
}: {
  readonly logger: Logger;
  readonly registry: Registry;
}): RecordAnswer {
  const seconds = new Histogram({
    name: 'notify_http_seconds',
    help: 'From a request to its answer',
    labelNames: ['route', 'method', 'status'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return ({ method = '' }, response, { route, client }) => {
    const started = performance.now();
    response.once('close', () => {
      const took = performance.now() - started;
      const status = response.statusCode;
      const line = { client, method, route: route?.template, status, ms: Math.round(took * 10) / 10 };
      logger[['PUT', 'POST', 'DELETE'].includes(method) ? 'info' : 'debug'](line, 'answered');
      // A method that nobody has could be any word: no label may be.
      if (route?.methods.includes(method))
        seconds.observe({ route: route.template, method, status }, took / 1000);
    });
  };
}
