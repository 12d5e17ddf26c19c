import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Identifies a process by its id and start time, because ids are reused. */
export interface ProcessRef {
  readonly pid: number;
  readonly began: string;
}

const POLL_MS = 20;

/** When process `pid` started, in the system's own notation; undefined when it does not exist or is a zombie. */
async function beganAt(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // The name in parentheses may contain spaces, so fields are counted after it: state is the first, start time the 20th.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
  }
  const ps = promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
  const line = (await ps.catch(() => ({ stdout: '' }))).stdout.trim();
  return line === '' || line.startsWith('Z') ? undefined : line.slice(line.indexOf(' ') + 1).trim();
}

/** Identifies process `pid`; undefined when it has exited. */
export async function processRef(pid: number): Promise<ProcessRef | undefined> {
  const began = await beganAt(pid);
  return began === undefined ? undefined : { pid, began };
}

/** Whether exactly this process is still running. */
export async function isAlive(ref: ProcessRef): Promise<boolean> {
  return (await beganAt(ref.pid)) === ref.began;
}

/** Sends `signal` and waits for the process to exit; resolves with whether it did within `limitMs`. */
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
