import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { bundleApps } from './bundle-apps.ts';

const FILES = {
  'package.json': '{ "type": "module" }',
  'dist/apps/one/src/main.js': `
    import { folder } from '#pages';
    import { name } from 'a-package';
    console.log(JSON.stringify({ folder: folder(), name: name() }));`,
  'dist/libs/pages/index.js':
    "export { folder } from './http/assets.js'; export { unused } from './unused.js';",
  'dist/libs/pages/http/assets.js': 'export const folder = () => import.meta.dirname;',
  'dist/libs/pages/unused.js': "console.log('loaded'); export const unused = 1;",
  'node_modules/a-package/package.json': '{}',
  'node_modules/a-package/index.js': "exports.name = () => require('path').basename('/of/a-package');",
};

let folder: string;
let main: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(await realpath(tmpdir()), 'bundle-'));
  main = path.join(folder, 'dist', 'apps', 'one', 'src', 'main.js');
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  await bundleApps(path.join(folder, 'dist'), ['one']);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an app in one file', () => {
  it('needs no other file, keeps nothing of a library that it does not use, and finds the files beside a library', async () => {
    await rm(path.join(folder, 'dist', 'libs'), { recursive: true });
    await rm(path.join(folder, 'node_modules'), { recursive: true });
    const { stdout } = await promisify(execFile)(process.execPath, [main]);
    const told = JSON.parse(stdout) as { readonly folder: string; readonly name: string };
    expect(path.normalize(told.folder)).toBe(path.join(folder, 'dist', 'libs', 'pages', 'http'));
    expect(told.name).toBe('a-package');
  });

  it('has a source map of our own files alone', async () => {
    const { sources } = JSON.parse(await readFile(`${main}.map`, 'utf8')) as { readonly sources: string[] };
    expect(sources.toSorted()).toEqual(['../../../libs/pages/http/assets.js', 'main.js']);
  });
});
