import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const FOLDER = fileURLToPath(new URL('../../ops/prometheus/', import.meta.url));

/** The rules of ops/prometheus as the Prometheus Operator takes them: one PrometheusRule with every group. */
export function prometheusRule(): string {
  const groups = globSync('*.rules.yml', { cwd: FOLDER })
    .toSorted()
    .flatMap((file) => (parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as { groups: unknown[] }).groups);
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'denwa-notify', labels: { 'app.kubernetes.io/part-of': 'denwa-notify' } },
    spec: { groups },
  };
  return `# Made of ops/prometheus by \`npm run docs\`.\n${stringify(rule, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
}
