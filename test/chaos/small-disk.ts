import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../../tools/stack/run-program.ts';

const SIZE = '96m';
const CHUNKS = [1_048_576, 4_096, 64];

/** Why a small file system cannot be mounted here; undefined if it can. */
export function whyNoSmallDisk(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'a small file system can only be mounted by root on Linux';
}

/** Mounts a small file system on a folder. */
export async function mountSmallDisk(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await runProgram('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'denwa-chaos', folder]);
}

/** Unmounts it; its content is lost. */
export async function unmountSmallDisk(folder: string): Promise<void> {
  await runProgram('umount', ['--lazy', folder]);
}

/** Fills the file system of a folder to the last byte; resolves with a function that frees it. */
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
