import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from '../run-command.ts';
import { generatedPages } from './pages.ts';
import { takeSitePictures } from './site-pictures.ts';

// `--pictures URL` also takes those of the site that runs there, such as the demo's.
const { pictures } = parseArgs({ options: { pictures: { type: 'string' } } }).values;

for (const [path, text] of generatedPages()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(path);
}
if (pictures !== undefined) for (const path of await takeSitePictures(pictures, say)) console.log(path);
