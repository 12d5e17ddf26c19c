import type { Dashboard, Panel, Row } from './panel.ts';

/** The uid of the provisioned data source (ops/grafana/provisioning). */
const DATASOURCE = { type: 'prometheus', uid: 'prometheus' };
const HEIGHTS = { stat: 4, timeseries: 8 } as const;
const COLUMNS = 24;

interface Placed {
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

/** A dashboard as Grafana's JSON model has it. */
export function grafanaDashboard(dashboard: Dashboard): object {
  const { uid, title, description, jobs, rows } = dashboard;
  return {
    uid,
    title,
    description,
    tags: ['denwa-notify'],
    timezone: 'browser',
    schemaVersion: 39,
    version: 1,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [runbookVariable(), instanceVariable(jobs)] },
    annotations: { list: [firingAlerts()] },
    links: [
      {
        type: 'dashboards',
        title: 'denwa-notify',
        tags: ['denwa-notify'],
        keepTime: true,
        asDropdown: false,
      },
    ],
    panels: placed(rows),
  };
}

/** Where the runbook is published; whoever installs the dashboards sets it. */
const runbookVariable = (): object => ({
  name: 'runbook',
  label: 'Runbook at',
  type: 'textbox',
  query: 'docs/runbook.md',
  current: { text: 'docs/runbook.md', value: 'docs/runbook.md' },
});

const instanceVariable = (jobs: readonly string[]): object => ({
  name: 'instance',
  label: 'Process',
  type: 'query',
  datasource: DATASOURCE,
  query: { query: `label_values(up{job=~"${jobs.join('|')}"}, instance)`, refId: 'instance' },
  refresh: 2,
  includeAll: true,
  multi: true,
  allValue: '.*',
  current: { text: 'All', value: '$__all' },
  sort: 1,
});

/** Marks in every panel when an alert fires. */
const firingAlerts = (): object => ({
  name: 'Alerts',
  datasource: DATASOURCE,
  enable: true,
  iconColor: 'red',
  expr: 'max by (alertname, severity) (ALERTS{alertstate="firing"})',
  titleFormat: '{{alertname}}',
  textFormat: '{{severity}}',
});

function placed(rows: readonly Row[]): object[] {
  let [y, id] = [0, 0];
  return rows.flatMap(({ question, panels }) => {
    id += 1;
    const heading = {
      id,
      type: 'row',
      title: question,
      collapsed: false,
      gridPos: { x: 0, y, w: COLUMNS, h: 1 },
      panels: [],
    };
    y += 1;
    let [x, height] = [0, 0];
    const drawn = panels.map((panel) => {
      if (x + panel.width > COLUMNS) [x, y, height] = [0, y + height, 0];
      const h = HEIGHTS[panel.kind];
      const gridPos = { x, y, w: panel.width, h };
      [x, height, id] = [x + panel.width, Math.max(height, h), id + 1];
      return { id, gridPos, ...grafanaPanel(panel) };
    });
    y += height;
    return [heading, ...drawn];
  });
}

function grafanaPanel(panel: Panel): Omit<object, keyof Placed> {
  const { title, description, runbook, kind, queries } = panel;
  return {
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    links: [{ title: 'Runbook', url: `\${runbook}#${runbook}`, targetBlank: true }],
    targets: queries.map(({ expr, legend = '' }, index) => ({
      refId: String.fromCodePoint(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      range: true,
    })),
    fieldConfig: { defaults: fieldOf(panel), overrides: [] },
    options: kind === 'stat' ? STAT_OPTIONS : LINE_OPTIONS,
  };
}

const STAT_OPTIONS = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  colorMode: 'background',
  graphMode: 'area',
  textMode: 'auto',
  justifyMode: 'center',
};
const LINE_OPTIONS = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
  tooltip: { mode: 'multi', sort: 'desc' },
};

function fieldOf({ kind, unit, steps, words, decimals, max, nothing, stacked }: Panel): object {
  const colors = steps ?? [[null, 'blue']];
  const mappings = Object.entries(words ?? {}).map(
    ([value, text], index) => [value, { text, index }] as const,
  );
  return {
    unit,
    min: 0,
    ...(max !== undefined && { max }),
    ...(decimals !== undefined && { decimals }),
    ...(nothing !== undefined && { noValue: nothing }),
    thresholds: { mode: 'absolute', steps: colors.map(([value, color]) => ({ value, color })) },
    mappings: mappings.length > 0 ? [{ type: 'value', options: Object.fromEntries(mappings) }] : [],
    color: { mode: kind === 'stat' ? 'thresholds' : 'palette-classic' },
    custom:
      kind === 'stat'
        ? {}
        : {
            lineWidth: 2,
            fillOpacity: stacked === true ? 30 : 5,
            showPoints: 'never',
            spanNulls: false,
            stacking: { mode: stacked === true ? 'normal' : 'none' },
            thresholdsStyle: { mode: steps ? 'dashed' : 'off' },
          },
  };
}
