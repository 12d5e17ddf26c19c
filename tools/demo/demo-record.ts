import { open, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive, processRef, signalAndWait, type ProcessRef } from '../stack/process-ref.ts';
import { StackError } from '../stack/stack-error.ts';

const KILL_LIMIT_MS = 5_000;

const demoFile = (folder: string): string => path.join(folder, 'demo.json');
const appFile = (folder: string, name: string): string => path.join(folder, `${name}.process.json`);

async function readRef(file: string): Promise<ProcessRef | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ProcessRef;
  } catch {
    return undefined;
  }
}

/** Writes down that the demo in this folder is this process. Rejects when another one runs there, saying which. */
export async function beTheOnlyDemo(folder: string): Promise<void> {
  const other = await readRef(demoFile(folder));
  if (other && (await isAlive(other))) throw runsAlready(folder, other.pid);
  await rm(demoFile(folder), { force: true });
  try {
    // Of two that start at once, one creates the file.
    const file = await open(demoFile(folder), 'wx');
    await file.writeFile(JSON.stringify(await processRef(process.pid)));
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw runsAlready(folder, (await readRef(demoFile(folder)))?.pid);
  }
}

function runsAlready(folder: string, pid: number | undefined): StackError {
  const shown = path.relative(process.cwd(), folder);
  const which = pid === undefined ? '' : `, as process ${pid}`;
  return new StackError(
    'already-running',
    `A demo runs in this checkout already${which}: its terminal shows the table and where to look, its logs are in ` +
      `${shown}. Ctrl-C there${pid === undefined ? '' : `, or \`kill ${pid}\`,`} ends it; another checkout can run one of its own.`,
  );
}

/** The demo in this folder has ended. */
export async function demoHasEnded(folder: string): Promise<void> {
  await rm(demoFile(folder), { force: true });
}

/** Writes down an app's process, so that the next demo finds it when this one is killed. */
export async function recordApp(folder: string, name: string, pid: number): Promise<void> {
  await writeFile(appFile(folder, name), JSON.stringify(await processRef(pid)));
}

/** Ends the app that a killed demo left behind; there is none to do its work in order. */
export async function endLeftApp(folder: string, name: string): Promise<void> {
  const ref = await readRef(appFile(folder, name));
  if (ref) await signalAndWait(ref, 'SIGKILL', KILL_LIMIT_MS);
  await rm(appFile(folder, name), { force: true });
}
