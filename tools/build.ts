import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { buildTemplates } from '../libs/mail/build-templates.ts';
import { bundleApps } from './bundle-apps.ts';
import { readArguments, runCommand, say } from './run-command.ts';
import { runProgram } from './stack/run-program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PARTS = ['apps', 'libs', 'tools', 'templates'];
/** The pages' style, script and icon, which the compiler leaves where they are. */
const PAGES_ASSETS = path.join('libs', 'pages', 'assets');

/**
 * Compiles the apps, the operator's commands, the libraries and the mail templates into `dist/`, puts each app into one
 * file, and copies the pages' files. The old output is replaced only when the new one is complete, so a failed build
 * leaves the last good one in place.
 */
export async function build(signal?: AbortSignal): Promise<void> {
  // At the same depth as `dist`, because source maps hold relative paths.
  const fresh = path.join(root, `dist.${process.pid}`);
  const old = path.join(fresh, 'old');
  try {
    const tsc = path.join(root, 'node_modules', '.bin', 'tsc');
    await runProgram(tsc, ['-p', path.join(root, 'tsconfig.build.json'), '--outDir', fresh], { signal });
    const apps = await readdir(path.join(fresh, 'apps'));
    await bundleApps(fresh, apps);
    await buildTemplates(path.join(fresh, 'templates'));
    await cp(path.join(root, PAGES_ASSETS), path.join(fresh, PAGES_ASSETS), { recursive: true });
    await mkdir(old, { recursive: true });
    await mkdir(path.join(root, 'dist'), { recursive: true });
    for (const part of PARTS) {
      const place = path.join(root, 'dist', part);
      await rename(place, path.join(old, part)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
      await rename(path.join(fresh, part), place);
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  readArguments('npm run build takes no arguments', () => parseArgs());
  await runCommand(async (signal) => {
    say("Compiling the apps, the operator's commands and the mail templates into dist/");
    await build(signal);
  });
}
