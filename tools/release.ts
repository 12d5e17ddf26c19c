import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { build } from './build.ts';
import { readArguments, runCommand, say } from './run-command.ts';
import { runProgram } from './stack/run-program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What runs, without what only explains it. */
const CONTENT = ['package.json', 'brands', 'dist/apps', 'dist/libs', 'dist/templates'];

/** The last release as it runs; the upgrade test unpacks it below the checkout, whose packages it then finds. */
export const RELEASED = path.join(root, 'test', 'upgrade', 'released.tgz');

/** Compiles this checkout and packs it as the last release, beside which the next one has to run. */
async function release(signal: AbortSignal): Promise<void> {
  say('Compiling and packing test/upgrade/released.tgz');
  await build(signal);
  await rm(RELEASED, { force: true });
  await runProgram('tar', ['-C', root, '--exclude=*.map', '-czf', RELEASED, ...CONTENT], { signal });
}

if (import.meta.main) {
  readArguments('npm run release takes no arguments', () => parseArgs());
  await runCommand(release);
}
