import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processRef, type ProcessRef } from '../stack/process-ref.ts';

const POLL_MS = 20;

/** The process that a file names; undefined when there is no file, or none that names one in full. */
export async function readRef(file: string): Promise<ProcessRef | undefined> {
  return refIn(await textOf(file));
}

/**
 * Makes this process the one that `file` names. Resolves with the process that it names already and that lives, if any:
 * of those that ask at once, all but one get an answer.
 */
export async function becomeTheOnly(file: string): Promise<ProcessRef | undefined> {
  for (;;) {
    if (await create(file)) return undefined;
    const other = await readRef(file);
    if (other && (await isAlive(other))) return other;
    // Only who holds the lock removes what an ended process left: what another put in its place is not taken for it.
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

/** Creates `file` with all that it holds in one step; false when there is one. */
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
