import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { dashboardFiles } from '../dashboards/dashboards.ts';
import { dashboardPage, type GrafanaDashboard } from '../dashboards/picture/dashboard-page.ts';
import { withPictures, writePicture } from './take-picture.ts';

const FOLDER = 'docs/images';
const WIDTHS = [1280, 375] as const;
const SHOWN_S = 15 * 60;
const STEP_S = 5;

/**
 * Draws the dashboards' JSON with what a Prometheus says of the last 15 minutes, by a page of our own; resolves with the
 * pictures' paths.
 */
export async function takeDashboardPictures(
  prometheus: string,
  say: (text: string) => void,
): Promise<readonly string[]> {
  const to = Math.floor(Date.now() / 1_000 / STEP_S) * STEP_S;
  const moments = { from: to - SHOWN_S, to, step: STEP_S };
  return withPictures(say, async (browser) => {
    const files: string[] = [];
    for (const [file] of dashboardFiles()) {
      const dashboard = JSON.parse(await readFile(file, 'utf8')) as GrafanaDashboard;
      for (const width of WIDTHS) {
        const page = await browser.newPage({ viewport: { width, height: 800 } });
        await page.setContent(await dashboardPage(dashboard, prometheus, moments, width));
        const picture = path.join(FOLDER, `dashboard-${path.basename(file, '.json')}-${width}.png`);
        await writePicture(page, picture);
        files.push(picture);
      }
    }
    return files;
  });
}
