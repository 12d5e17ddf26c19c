import { grafanaDashboard } from './grafana-dashboard.ts';
import { MAIL_DASHBOARD } from './mail-dashboard.ts';
import { SITE_DASHBOARD } from './site-dashboard.ts';

/** The dashboards. */
export const DASHBOARDS = [MAIL_DASHBOARD, SITE_DASHBOARD] as const;

/** Their files, as Grafana is provisioned with them, by path. */
export function dashboardFiles(): readonly (readonly [path: string, text: string])[] {
  return DASHBOARDS.map((dashboard) => [
    `ops/grafana/dashboards/${dashboard.uid}.json`,
    `${JSON.stringify(grafanaDashboard(dashboard), null, 2)}\n`,
  ]);
}
