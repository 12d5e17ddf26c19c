import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { dataFolder, stopServer } from '../../tools/stack/server.ts';
import { STACK_FOLDER } from '../../tools/stack/servers.ts';
import { unmountSmallDisk } from './small-disk.ts';

const RUN_FOLDER = /^chaos-(\d+)$/;

/** The folder of this run's servers and logs. */
export function runFolder(): string {
  return path.join(STACK_FOLDER, `chaos-${process.pid}`);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
}

/** Stops the servers and removes the files that killed runs left behind. */
export async function sweep(): Promise<void> {
  for (const run of await foldersIn(STACK_FOLDER)) {
    const [, pid] = RUN_FOLDER.exec(path.basename(run)) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    for (const ground of await foldersIn(run)) {
      for (const server of await foldersIn(ground)) {
        await stopServer(server);
        await unmountSmallDisk(dataFolder(server)).catch(() => undefined);
      }
    }
    await rm(run, { recursive: true, force: true });
  }
}
