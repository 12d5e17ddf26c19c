import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processRef, type ProcessRef } from '../stack/process-ref.ts';

const POLL_MS = 20;

/** Reads the process recorded in a file; undefined when the file is missing or incomplete. */
export async function readRef(file: string): Promise<ProcessRef | undefined> {
  return refIn(await textOf(file));
}

/**
 * Records this process in `file`, unless the file already names a running process: then resolves with that one. When
 * several processes call this at the same time, exactly one gets undefined.
 */
export async function becomeTheOnly(file: string): Promise<ProcessRef | undefined> {
  for (;;) {
    if (await create(file)) return undefined;
    const other = await readRef(file);
    if (other && (await isAlive(other))) return other;
    // A stale file is removed under a lock: another process may have replaced it in the meantime.
    const lock = `${file}.lock`;
    if (await becomeTheOnly(lock)) {
      await delay(POLL_MS);
      continue;
    }
    const left = await textOf(file);
    if (left !== undefined && !(await isOfLiving(left))) await rm(file, { force: true });
    await rm(lock, { force: true });
  }
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function refIn(text = ''): ProcessRef | undefined {
  try {
    const ref = JSON.parse(text) as Partial<ProcessRef> | null;
    const { pid, began } = ref ?? {};
    return Number.isInteger(pid) && typeof began === 'string' ? (ref as ProcessRef) : undefined;
  } catch {
    return undefined;
  }
}

async function isOfLiving(text: string): Promise<boolean> {
  const ref = refIn(text);
  return ref !== undefined && isAlive(ref);
}

/** Creates `file` with its content in one atomic step; false when it already exists. */
async function create(file: string): Promise<boolean> {
  const whole = `${file}.${randomUUID()}`;
  await writeFile(whole, JSON.stringify(await processRef(process.pid)));
  try {
    await link(whole, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(whole, { force: true });
  }
}
