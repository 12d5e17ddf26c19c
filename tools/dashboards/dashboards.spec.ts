import { readFileSync } from 'node:fs';
import { DASHBOARDS, dashboardFiles } from './dashboards.ts';

/** The anchors that a Markdown page's headings have on GitHub. */
const anchors = new Set(
  readFileSync('docs/runbook.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    ),
);

interface Placed {
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

describe.each(DASHBOARDS)('the dashboard $title', ({ uid, rows }) => {
  const panels = rows.flatMap((row) => row.panels);

  it('says in each panel what is good, with a section of the runbook that is there', () => {
    for (const { title, description, runbook } of panels) {
      expect([title, /^[A-Z0-9].*[.?]$/.test(description)]).toEqual([title, true]);
      expect([title, runbook, anchors.has(runbook)]).toEqual([title, runbook, true]);
    }
  });

  it('colours every number that has a good and a bad side, and calls no two panels of a row the same', () => {
    for (const row of rows)
      expect(new Set(row.panels.map(({ title }) => title)).size).toBe(row.panels.length);
    for (const { steps = [[null]] } of panels) expect(steps[0]?.[0]).toBeNull();
  });

  it('has no panel upon another, and none beside the page', () => {
    const [, text = ''] = dashboardFiles().find(([path]) => path.includes(uid)) ?? [];
    const { panels: placed } = JSON.parse(text) as { panels: Placed[] };
    const taken = new Set<string>();
    for (const { gridPos } of placed)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(x).toBeLessThan(24);
          expect(taken.has(`${x},${y}`)).toBe(false);
          taken.add(`${x},${y}`);
        }
  });
});
