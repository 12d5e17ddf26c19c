import path from 'node:path';
import { runProgram } from './run-program.ts';
import { StackError } from './stack-error.ts';
import { canInstall, findProgram, installPackage } from './system-package.ts';

/** A Java virtual machine that can run Kafka; `version` identifies the installation. */
export interface Java {
  readonly command: string;
  readonly version: string;
}

const LOWEST_MAJOR = 17;
const PACKAGE = 'openjdk-17-jre-headless';

async function javaAt(command: string | undefined, signal?: AbortSignal): Promise<Java | undefined> {
  if (command === undefined) return undefined;
  const version = await runProgram(command, ['-version'], { signal }).catch(() => '');
  signal?.throwIfAborted();
  const major = Number(/version "(\d+)/.exec(version)?.[1] ?? 0);
  return major >= LOWEST_MAJOR ? { command, version } : undefined;
}

async function lookForJava(signal?: AbortSignal): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  return (
    (await javaAt(home === undefined ? undefined : path.join(home, 'bin', 'java'), signal)) ??
    (await javaAt(await findProgram('java'), signal))
  );
}

/** Finds Java ≥ 17 by JAVA_HOME or PATH, or installs it without prompting; otherwise rejects with instructions. */
export async function findJava(say: (text: string) => void, signal?: AbortSignal): Promise<Java> {
  const found = await lookForJava(signal);
  if (found !== undefined) return found;
  if (await canInstall()) {
    await installPackage(PACKAGE, say, signal);
    const installed = (await lookForJava(signal)) ?? (await javaAt('/usr/bin/java', signal));
    if (installed !== undefined) return installed;
  }
  throw new StackError(
    'missing-program',
    `Kafka needs Java ${LOWEST_MAJOR} or newer, which was found neither by JAVA_HOME nor on PATH. ` +
      `Install a Java runtime (on Debian or Ubuntu: apt-get install ${PACKAGE}; on macOS: brew install openjdk), ` +
      'or start a Docker engine and use STACK=docker.',
  );
}
