import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { processRef, signalAndWait } from '../stack/process-ref.ts';
import { StackError } from '../stack/stack-error.ts';
import { becomeTheOnly, readRef } from './only-process.ts';

const KILL_LIMIT_MS = 5_000;

const demoFile = (folder: string): string => path.join(folder, 'demo.json');
const appFile = (folder: string, name: string): string => path.join(folder, `${name}.process.json`);

/** Writes down that the demo in this folder is this process. Rejects when another one runs there, saying which. */
export async function beTheOnlyDemo(folder: string): Promise<void> {
  const other = await becomeTheOnly(demoFile(folder));
  if (other) throw runsAlready(folder, other.pid);
}

function runsAlready(folder: string, pid: number): StackError {
  const shown = path.relative(process.cwd(), folder);
  return new StackError(
    'already-running',
    `A demo runs in this checkout already, as process ${pid}: its terminal shows the table and where to look, its logs are in ` +
      `${shown}. Ctrl-C there, or \`kill ${pid}\`, ends it; another checkout can run one of its own.`,
  );
}

/** The demo in this folder has ended. */
export async function demoHasEnded(folder: string): Promise<void> {
  await rm(demoFile(folder), { force: true });
}

/** Writes down an app's process, so that the next demo finds it when this one is killed; one that has ended needs no end. */
export async function recordApp(folder: string, name: string, pid: number): Promise<void> {
  const ref = await processRef(pid);
  if (ref) await writeFile(appFile(folder, name), JSON.stringify(ref));
}

/** Ends the app that a killed demo left behind; there is none to do its work in order. */
export async function endLeftApp(folder: string, name: string): Promise<void> {
  const ref = await readRef(appFile(folder, name));
  if (ref) await signalAndWait(ref, 'SIGKILL', KILL_LIMIT_MS);
  await rm(appFile(folder, name), { force: true });
}
