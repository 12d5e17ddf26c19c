import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../../tools/stack/run-program.ts';

const SIZE = '96m';
const CHUNKS = [1_048_576, 4_096, 64];

/** Why a small file system cannot be mounted here; undefined when it can. */
export function whyNoSmallDisk(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'a small file system can only be mounted by root on Linux';
}

/** Gives a folder a small file system of its own. */
export async function mountSmallDisk(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'denwa-chaos', folder]);
}

/** Takes it away with all that it holds. */
export async function unmountSmallDisk(folder: string): Promise<void> {
  await runProgram('umount', ['--lazy', folder]);
}

/** Fills the file system under a folder to the last byte; resolves with what makes room again. */
export async function fillDisk(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'filler');
  const handle = await open(file, 'a');
  try {
    for (const size of CHUNKS) await fillBy(handle, Buffer.alloc(size));
  } finally {
    await handle.close();
  }
  return () => rm(file);
}

async function fillBy(handle: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<void> {
  for (;;) {
    try {
      await handle.appendFile(chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return;
    }
  }
}
