import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { RELEASED } from '../../tools/release.ts';
import { runProgram } from '../../tools/stack/run-program.ts';
import { STACK_FOLDER } from '../../tools/stack/servers.ts';

/** The last release, unpacked: its programs run in this folder, with the packages of this checkout. */
export interface Release {
  readonly root: string;
  remove(): Promise<void>;
}

/** Unpacks the last release. */
export async function unpackRelease(): Promise<Release> {
  const root = path.join(STACK_FOLDER, `released-${process.pid}`);
  await rm(root, { recursive: true, force: true });
  await mkdir(root, { recursive: true });
  await runProgram('tar', ['-C', root, '-xzf', RELEASED]);
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}
