import { readFileSync } from 'node:fs';
import { dashboardFiles } from '../../tools/dashboards/dashboards.ts';
import { askedNow, type GrafanaPanel } from '../../tools/dashboards/grafana-panel.ts';
import { eventually } from '../support/eventually.ts';
import { startWatchedApps } from '../support/watched-apps.ts';

const { every, prometheus } = await startWatchedApps();

/** Something happens, is scraped, and happens again: a rate needs both. */
beforeAll(async () => {
  const settled = () => prometheus.query('sum(notify_events_total{result="decided"})');
  await eventually(async () => (await settled()).length > 0);
  await every.happens();
  await eventually(async () => ((await settled())[0]?.value ?? 0) > 0);
  await every.happens();
});

const panels = dashboardFiles().flatMap(([path]) => {
  const { title, panels } = JSON.parse(readFileSync(path, 'utf8')) as {
    title: string;
    panels: GrafanaPanel[];
  };
  return panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => [`${title}: ${panel.title}`, askedNow(expr)] as const),
  );
});

describe('the panel', () => {
  it.each(panels)('%s asks what a real Prometheus answers: %s', async (_, expression) => {
    const samples = await eventually(async () => {
      const found = await prometheus.query(expression);
      return found.length > 0 && found;
    });
    expect(samples).not.toEqual([]);
  });
});
