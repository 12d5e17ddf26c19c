import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { configurationPage, programVersion } from '#platform';
import { openApiDocument } from '../../apps/settings/src/openapi/document.ts';
import { dashboardFiles } from '../dashboards/dashboards.ts';
import { alertTable } from './alert-table.ts';
import { asyncApiDocument } from './async-api.ts';
import { betweenMarkers, type Language } from './between-markers.ts';
import { eventJsonSchemas } from './event-schemas.ts';
import { kafkaRights } from './kafka-rights.ts';
import { logMessagesTable } from './log-messages.ts';
import { metricsPage } from './metrics-page.ts';
import { prometheusRule } from './prometheus-rule.ts';
import { redisUsers } from './redis-users.ts';
import { SIZING_PAGE, sizingPage } from './sizing-page.ts';

/** Quotes strings, so that no parser reads a time as a timestamp or a telephone number as a number. */
const YAML = {
  aliasDuplicateObjects: false,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
} as const;

/** The generated pages of docs/ and files of ops/, the dashboards among them, by path. A test fails when one is out of date. */
export function generatedPages(): ReadonlyMap<string, string> {
  const schemas = eventJsonSchemas().map(
    ([type, schema]) =>
      [`docs/generated/schemas/${type}.json`, `${JSON.stringify(schema, null, 2)}\n`] as const,
  );
  return new Map([
    ['docs/configuration.md', configurationPage()],
    ['docs/metrics.md', metricsPage()],
    ['docs/runbook.md', runbookPage('docs/runbook.md', 'en')],
    ['docs/runbook.ja.md', runbookPage('docs/runbook.ja.md', 'ja')],
    [SIZING_PAGE, sizingPage()],
    ['docs/openapi.json', `${JSON.stringify(openApiDocument(programVersion()), null, 2)}\n`],
    ['ops/acl/kafka.sh', kafkaRights()],
    ['ops/acl/redis-users.acl', redisUsers()],
    ['docs/generated/asyncapi.yaml', stringify(asyncApiDocument(), YAML)],
    ['ops/kubernetes/monitoring/prometheus-rule.yaml', prometheusRule()],
    ...schemas,
    ...dashboardFiles(),
  ]);
}

/** A runbook, written by hand, with the tables that are generated. */
function runbookPage(path: string, language: Language): string {
  const alerts = betweenMarkers(readFileSync(path, 'utf8'), 'alerts', alertTable(language));
  return betweenMarkers(alerts, 'log messages', logMessagesTable(language));
}
