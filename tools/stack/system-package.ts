import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './run-program.ts';

/** Looks up a program in PATH as a shell would; undefined when it is not found. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => folder !== '',
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

/** Whether packages can be installed without prompting: as root on Debian or Ubuntu. */
export async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await findProgram('apt-get')) !== undefined;
}

/** Installs a Debian package without prompting and without starting its service. */
export async function installPackage(
  name: string,
  say: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  // At run level 1, maintainer scripts start no service: we start our own, on its own port.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  say(`Installing ${name} with apt-get (takes about a minute)`);
  await runProgram('apt-get', [...wait, 'update', '-qq'], { env, signal });
  await runProgram('apt-get', [...wait, 'install', '-y', '-qq', '--no-install-recommends', name], {
    env,
    signal,
  });
}
