import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A process that outlives whoever started it: its id, and when it began, since ids are used again. */
export interface ProcessRef {
  readonly pid: number;
  readonly began: string;
}

const POLL_MS = 20;

/** When process `pid` began, in the system's own notation; undefined when there is none, or only its zombie. */
async function beganAt(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // The name in parentheses may hold blanks, so fields are counted from behind it: state is the first, start the 20th.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
  }
  const ps = promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  const line = (await ps.catch(() => ({ stdout: '' }))).stdout.trim();
  return line === '' || line.startsWith('Z') ? undefined : line.slice(line.indexOf(' ') + 1).trim();
}

/** What identifies process `pid` from now on; undefined when it has ended already. */
export async function processRef(pid: number): Promise<ProcessRef | undefined> {
  const began = await beganAt(pid);
  return began === undefined ? undefined : { pid, began };
}

/** Whether this very process still runs. */
export async function isAlive(ref: ProcessRef): Promise<boolean> {
  return (await beganAt(ref.pid)) === ref.began;
}

/** Sends `signal` and waits until the process is gone; resolves to whether it went within `limitMs`. */
export async function signalAndWait(
  ref: ProcessRef,
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<boolean> {
  if (!(await isAlive(ref))) return true;
  try {
    process.kill(ref.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (!(await isAlive(ref))) return true;
    await delay(POLL_MS);
  }
  return false;
}
