import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lock } from 'proper-lockfile';
import { dockerAnswers, dockerDown, dockerReset, dockerStatus, dockerUp } from './docker-stack.ts';
import { localDown, localReset, localStatus, localUp } from './local-stack.ts';
import { StackError } from './stack-error.ts';
import type { StackAddresses } from './stack-ports.ts';

export type { StackAddresses } from './stack-ports.ts';

type Say = (text: string) => void;

const KINDS = {
  local: { up: localUp, down: localDown, reset: localReset, status: localStatus },
  docker: { up: dockerUp, down: dockerDown, reset: dockerReset, status: dockerStatus },
} as const;

type Kind = keyof typeof KINDS;

/** The folder of this checkout's servers: those of `npm run stack`, with a subfolder for each run that has its own. */
export const STACK_FOLDER = fileURLToPath(new URL('../../.stack/', import.meta.url));

const LOCK_POLL_MS = 200;

async function wantedKind(): Promise<Kind> {
  const wanted = process.env['STACK'] ?? '';
  if (wanted === '') return (await dockerAnswers()) ? 'docker' : 'local';
  if (wanted === 'docker' || wanted === 'local') return wanted;
  throw new StackError('program-failed', `STACK is "${wanted}"; expected "docker" or "local".`);
}

function kindFile(folder: string): string {
  return path.join(folder, 'kind');
}

/** How this folder's servers were last started. */
async function lastKind(folder: string): Promise<Kind | undefined> {
  const kind = await readFile(kindFile(folder), 'utf8').catch(() => undefined);
  return kind === 'docker' || kind === 'local' ? kind : undefined;
}

/** Runs one command at a time for a folder; a second one waits. */
async function alone<T>(folder: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  await mkdir(folder, { recursive: true });
  let release: (() => Promise<void>) | undefined;
  while (release === undefined) {
    release = await lock(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ELOCKED') throw error;
      return undefined;
    });
    if (release === undefined) await delay(LOCK_POLL_MS, undefined, signal && { signal });
  }
  try {
    return await work();
  } finally {
    await release();
  }
}

async function up(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  const last = await lastKind(folder);
  // Running servers stay, even if a Docker engine has appeared or disappeared meanwhile.
  const running = last && !process.env['STACK'] ? await KINDS[last].status(folder) : undefined;
  if (running !== undefined) return running;
  const kind = await wantedKind();
  if (last !== undefined && last !== kind) await KINDS[last].down(folder);
  await writeFile(kindFile(folder), kind);
  return KINDS[kind].up(folder, say, signal);
}

/** The addresses of this folder's servers; undefined unless all of them are up. */
export async function serversStatus(folder: string): Promise<StackAddresses | undefined> {
  return KINDS[(await lastKind(folder)) ?? 'local'].status(folder);
}

/** Starts this folder's servers, with Docker or as processes, unless they are up; resolves with their addresses. */
export function serversUp(folder: string, say: Say, signal?: AbortSignal): Promise<StackAddresses> {
  return alone(folder, () => up(folder, say, signal), signal);
}

/** Stops this folder's servers, killing them after `limitMs` if given; their data stays. */
export function serversDown(folder: string, limitMs?: number): Promise<void> {
  return alone(folder, async () => KINDS[(await lastKind(folder)) ?? 'local'].down(folder, limitMs));
}

/** Empties this folder's servers. If they were up, starts them again at the same addresses. */
export function serversReset(
  folder: string,
  say: Say,
  signal?: AbortSignal,
): Promise<StackAddresses | undefined> {
  const reset = async (): Promise<StackAddresses | undefined> => {
    const running = await serversStatus(folder);
    await KINDS[(await lastKind(folder)) ?? 'local'].reset(folder);
    return running && up(folder, say, signal);
  };
  return alone(folder, reset, signal);
}
