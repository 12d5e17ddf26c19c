import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { processRef, signalAndWait } from '../stack/process-ref.ts';
import { StackError } from '../stack/stack-error.ts';
import { becomeTheOnly, readRef } from './only-process.ts';

const KILL_LIMIT_MS = 5_000;

const demoFile = (folder: string): string => path.join(folder, 'demo.json');
const appFile = (folder: string, name: string): string => path.join(folder, `${name}.process.json`);

/** Records this process as the demo of this folder. Rejects, naming the other process, when one already runs there. */
export async function beTheOnlyDemo(folder: string): Promise<void> {
  const other = await becomeTheOnly(demoFile(folder));
  if (other) throw runsAlready(folder, other.pid);
}

function runsAlready(folder: string, pid: number): StackError {
  const shown = path.relative(process.cwd(), folder);
  return new StackError(
    'already-running',
    `A demo is already running in this checkout, as process ${pid}: see its terminal for the table and the addresses. ` +
      `Its logs are in ${shown}. End it with Ctrl-C or \`kill ${pid}\`. Another checkout can run its own demo.`,
  );
}

/** Removes the record of this folder's demo, which has ended. */
export async function demoHasEnded(folder: string): Promise<void> {
  await rm(demoFile(folder), { force: true });
}

/** Records an app's process, so that the next demo can end it if this one is killed. Does nothing if it has exited. */
export async function recordApp(folder: string, name: string, pid: number): Promise<void> {
  const ref = await processRef(pid);
  if (ref) await writeFile(appFile(folder, name), JSON.stringify(ref));
}

/** Kills the app that a killed demo left behind. */
export async function endLeftApp(folder: string, name: string): Promise<void> {
  const ref = await readRef(appFile(folder, name));
  if (ref) await signalAndWait(ref, 'SIGKILL', KILL_LIMIT_MS);
  await rm(appFile(folder, name), { force: true });
}
