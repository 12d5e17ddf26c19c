import { STATUS_CODES } from 'node:http';
import type { MetricDeclaration } from '#metrics';

/** `notify_http_seconds`, of every app that is asked over HTTP by others than Prometheus. */
export const HTTP_SECONDS = {
  name: 'notify_http_seconds',
  type: 'histogram',
  help: "From a request to its answer, by the route's template",
  labels: {
    route: { inWords: "the templates of the app's routes" },
    method: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    status: Object.keys(STATUS_CODES),
  },
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  onFirstUse: 'each route has a few of the statuses, and each series 15 lines',
} satisfies MetricDeclaration<'route' | 'method' | 'status'>;
