import type { Registry } from 'prom-client';
import { createLoginMetrics, type LoginMetrics } from '#access';
import { createCounter, type MetricDeclaration } from '#metrics';

/** What the tables of a CSV hold, as it is counted. Here, so that `npm run docs` need not load the pages. */
export const CSV_TABLES = ['call-notice', 'bulk-transfer', 'one-time-password'] as const;

/**
 * What becomes of an uploaded CSV: `shown` for its changes to be confirmed, `set`; `faulty`, `same` as what is set;
 * `changed` meanwhile, so that it is shown anew; `too-many` of the line; `lapsed` before it was confirmed.
 */
const CSV_RESULTS = ['shown', 'set', 'faulty', 'same', 'changed', 'too-many', 'lapsed'] as const;
type CsvResult = (typeof CSV_RESULTS)[number];

/** `notify_csv_uploads_total`. */
export const CSV_UPLOADS: MetricDeclaration<'table' | 'result'> = {
  name: 'notify_csv_uploads_total',
  type: 'counter',
  help: 'Steps of setting many numbers by a CSV, by what became of them',
  labels: { table: CSV_TABLES, result: CSV_RESULTS },
};

/** What the pages count. */
export interface SiteMetrics extends LoginMetrics {
  csv(table: (typeof CSV_TABLES)[number], result: CsvResult): void;
}

/** Creates what the pages count. */
export function createSiteMetrics(registry: Registry): SiteMetrics {
  const uploads = createCounter(registry, CSV_UPLOADS);
  return {
    ...createLoginMetrics(registry),
    csv: (table, result) => uploads.inc({ table, result }),
  };
}
