import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readArguments, say } from '../run-command.ts';
import { takeDashboardPictures } from './dashboard-pictures.ts';
import { takeOpsPictures } from './ops-pictures.ts';
import { generatedPages } from './pages.ts';
import { takeSitePictures } from './site-pictures.ts';

// Pictures of what runs at these addresses, too: the site and the operator's pages, such as the demo's; the dashboards,
// with what the Prometheus there says of the last 15 minutes.
const options = {
  pictures: { type: 'string' },
  'ops-pictures': { type: 'string' },
  dashboards: { type: 'string' },
} as const;

function parseOptions() {
  const { values } = parseArgs({ options });
  for (const [name, url] of Object.entries(values))
    if (!URL.canParse(url)) throw new Error(`--${name}: expected a URL`);
  return values;
}

const {
  pictures,
  'ops-pictures': opsPictures,
  dashboards,
} = readArguments('npm run docs [-- --pictures URL] [--ops-pictures URL] [--dashboards URL]', parseOptions);

for (const [path, text] of generatedPages()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(path);
}
if (pictures !== undefined) for (const path of await takeSitePictures(pictures, say)) console.log(path);
if (dashboards !== undefined)
  for (const path of await takeDashboardPictures(dashboards, say)) console.log(path);
if (opsPictures !== undefined) for (const path of await takeOpsPictures(opsPictures, say)) console.log(path);
