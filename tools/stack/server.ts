import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processRef, signalAndWait, type ProcessRef } from './process-ref.ts';
import { StackError } from './stack-error.ts';

/** How to start a server. Its folder lets another process find it, stop it and start it again on the same data. */
export interface ServerPlan {
  readonly name: string;
  /** Contains `data/`, `server.log` and `process.json`, and nothing of others. */
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The server is ready when each of these has appeared in its log. */
  readonly readyWhen: readonly string[];
  /** Called before each start, when `data/` exists. */
  readonly prepare?: (signal?: AbortSignal) => Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const KILL_LIMIT_MS = 10_000;
const POLL_MS = 25;

/** The folder of a server's persistent data. */
export function dataFolder(folder: string): string {
  return path.join(folder, 'data');
}

/** The file with a server's output. */
function logFile(plan: ServerPlan): string {
  return path.join(plan.folder, 'server.log');
}

function refFile(folder: string): string {
  return path.join(folder, 'process.json');
}

async function readRef(folder: string): Promise<ProcessRef | undefined> {
  const text = await readFile(refFile(folder), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as ProcessRef);
}

/** The process id of the server in this folder; undefined when it is not running. */
export async function serverPid(folder: string): Promise<number | undefined> {
  const ref = await readRef(folder);
  return ref !== undefined && (await isAlive(ref)) ? ref.pid : undefined;
}

async function launch(plan: ServerPlan): Promise<ProcessRef> {
  const log = await open(logFile(plan), 'a');
  try {
    const child = spawn(plan.command, plan.args, {
      cwd: plan.folder,
      // Its own session: Ctrl-C reaches only us, and we stop it gracefully.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    child.unref();
    const ref = await processRef(child.pid ?? 0);
    if (ref === undefined) throw await startError(plan, 0, 'ended at once');
    await writeFile(refFile(plan.folder), JSON.stringify(ref));
    return ref;
  } finally {
    await log.close();
  }
}

async function logSince(plan: ServerPlan, offset: number): Promise<string> {
  return (await readFile(logFile(plan))).subarray(offset).toString('utf8');
}

async function startError(plan: ServerPlan, offset: number, what: string): Promise<StackError> {
  const tail = (await logSince(plan, offset)).trimEnd().split('\n').slice(-15).join('\n  ');
  const inUse = /address already in use|EADDRINUSE/i.test(tail);
  return new StackError(
    inUse ? 'port-in-use' : 'server-failed',
    `${plan.name} ${what}. The end of ${logFile(plan)}:\n  ${tail}`,
    { retryable: inUse },
  );
}

async function waitUntilReady(
  plan: ServerPlan,
  ref: ProcessRef,
  offset: number,
  signal?: AbortSignal,
): Promise<void> {
  const end = Date.now() + START_LIMIT_MS;
  for (;;) {
    signal?.throwIfAborted();
    if (!(await isAlive(ref))) throw await startError(plan, offset, 'ended while it started');
    const log = await logSince(plan, offset);
    if (plan.readyWhen.every((part) => log.includes(part))) return;
    if (Date.now() > end)
      throw await startError(plan, offset, `was not ready after ${START_LIMIT_MS / 1000} s`);
    await delay(POLL_MS);
  }
}

/** Starts the server on its existing data, unless it is running; resolves when it is ready. */
export async function startServer(plan: ServerPlan, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if ((await serverPid(plan.folder)) !== undefined) return;
  await mkdir(dataFolder(plan.folder), { recursive: true });
  await plan.prepare?.(signal);
  const offset = await stat(logFile(plan)).then(
    (log) => log.size,
    () => 0,
  );
  const ref = await launch(plan);
  try {
    await waitUntilReady(plan, ref, offset, signal);
  } catch (error) {
    await killServer(plan.folder);
    throw error;
  }
}

/** Stops the server in this folder with SIGTERM, and kills it after `limitMs` (20 s by default). */
export async function stopServer(folder: string, limitMs = STOP_LIMIT_MS): Promise<void> {
  const ref = await readRef(folder);
  if (ref === undefined) return;
  if (!(await signalAndWait(ref, 'SIGTERM', limitMs))) await killServer(folder);
  await rm(refFile(folder), { force: true });
}

/** Kills the server with SIGKILL, as a crash would. Its data stays as it is. */
export async function killServer(folder: string): Promise<void> {
  const ref = await readRef(folder);
  if (ref === undefined) return;
  if (!(await signalAndWait(ref, 'SIGKILL', KILL_LIMIT_MS)))
    throw new StackError('server-failed', `Process ${ref.pid} of ${folder} survived SIGKILL.`);
  await rm(refFile(folder), { force: true });
}
