import type { GrafanaPanel } from '../grafana-panel.ts';
import { askRange, type DrawnSeries, type Moments } from './ask-range.ts';
import { drawLines } from './draw-lines.ts';
import { drawStat } from './draw-stat.ts';

/** What is read here of a dashboard in Grafana's JSON. */
export interface GrafanaDashboard {
  readonly title: string;
  readonly description: string;
  readonly panels: readonly GrafanaPanel[];
}

const GAP = 12;
const UNIT = 27;
/** Below this a panel has the page's width, and stats half of it. */
const NARROW = 700;

const STYLE = `
:root { font: 14px/1.4 system-ui, sans-serif; color: #1f2328; background: #dadfe6; }
body { margin: 16px; }
h1 { font-size: 20px; margin: 0; }
header p { margin: 2px 0 12px; color: #57606a; }
h2 { font-size: 16px; margin: 18px 0 8px; }
.row { display: grid; grid-template-columns: repeat(24, 1fr); gap: ${GAP}px; }
.panel { background: #fff; border: 1px solid #d8dee4; border-radius: 6px; padding: 8px; min-width: 0;
  display: flex; flex-direction: column; }
.panel h3 { font-size: 13px; margin: 0 0 6px; font-weight: 600; }
.stats { display: flex; gap: 6px; flex: 1; min-height: 64px; }
.stat { flex: 1; min-width: 0; border-radius: 4px; color: #fff; text-align: center; padding: 6px 2px;
  display: flex; flex-direction: column; justify-content: center; }
.stat b { display: block; font-size: 22px; line-height: 1.2; white-space: nowrap; }
.stat small { font-size: 13px; }
svg { display: block; max-width: 100%; }
svg text { font-size: 11px; fill: #57606a; }
.grid { stroke: #e6e8eb; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.under { opacity: .22; }
.limit { stroke-width: 1.5; stroke-dasharray: 6 4; }
.legend { margin: 4px 0 0; font-size: 12px; color: #424a53; display: flex; flex-wrap: wrap; gap: 2px 12px; }
.legend i { display: inline-block; width: 14px; height: 3px; vertical-align: middle; margin-right: 5px; }
`;

/** A dashboard drawn from its JSON and a Prometheus' answers, as a page of this width. */
export async function dashboardPage(
  { title, description, panels }: GrafanaDashboard,
  prometheus: string,
  moments: Moments,
  width: number,
): Promise<string> {
  const answers = await Promise.all(panels.map((panel) => askRange(prometheus, panel, moments)));
  let body = '';
  panels.forEach((panel, index) => {
    body +=
      panel.type === 'row'
        ? `${index > 0 ? '</section>' : ''}<h2>${panel.title}</h2><section class="row">`
        : panelHtml(panel, answers[index] ?? [], moments, width);
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>
<header><h1>${title}</h1><p>${description}</p></header>${body}</section></html>`;
}

function panelHtml(
  { type, title, gridPos: { w, h }, fieldConfig }: GrafanaPanel,
  series: readonly DrawnSeries[],
  moments: Moments,
  page: number,
): string {
  const field = fieldConfig?.defaults;
  if (!field) throw new TypeError(`the panel ${title} has no field`);
  const columns = page >= NARROW ? w : type === 'stat' && w < 6 ? 12 : 24;
  const width = ((page - 32 + GAP) * columns) / 24 - GAP - 18;
  const area = { width: Math.floor(width), height: h * UNIT - 70 };
  const drawn =
    type === 'stat'
      ? `<div class="stats">${drawStat(series, field)}</div>`
      : drawLines(series, field, moments, area);
  return `<div class="panel" style="grid-column:span ${columns}"><h3>${title}</h3>${drawn}</div>`;
}
