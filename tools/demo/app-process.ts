import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { APP_FLAGS } from '../app-flags.ts';
import { endChild, isRunning } from '../end-child.ts';
import { endLeftApp, recordApp } from './demo-record.ts';

/** One of our apps as in production: compiled, in its own process, configured by environment variables. */
export interface AppProcess {
  /** The base URL of its HTTP server. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;
/** A graceful stop takes a second, but much longer while a server is away; Ctrl-C has to end the demo within seconds. */
const STOP_LIMIT_MS = 3_000;
const LOOK_LIMIT_MS = 5_000;

/** An app to start. */
export interface AppStart {
  readonly name: 'notifier' | 'settings' | 'site' | 'voice';
  /** Its compiled main file. */
  readonly program: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Holds its log and the record of its process. */
  readonly folder: string;
}

/**
 * Ends the app that a killed demo left behind, if any, and starts a new one. Resolves when `/readyz` answers 200. If it
 * does not, rejects with the end of the app's log and leaves no process.
 */
export async function startApp(
  { name, program, port, environment, folder }: AppStart,
  signal: AbortSignal,
): Promise<AppProcess> {
  await endLeftApp(folder, name);
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...APP_FLAGS, program], {
    env: {
      ...process.env,
      ...environment,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      NODE_ENV: 'production',
    },
    // Its own session: Ctrl-C reaches only the demo, which stops the app gracefully.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  const log = createWriteStream(path.join(folder, `${name}.log`), { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      log.write(bytes);
      tail.push(...bytes.toString().split('\n').filter(Boolean));
      tail.splice(0, tail.length - 15);
    });
  }
  const url = `http://127.0.0.1:${port}`;
  const stop = (): Promise<void> => endChild(child, 'SIGTERM', STOP_LIMIT_MS);
  try {
    if (child.pid !== undefined) await recordApp(folder, name, child.pid);
    await untilReady(name, child, url, tail, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function untilReady(
  name: string,
  child: ChildProcess,
  url: string,
  tail: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const end = Date.now() + READY_LIMIT_MS;
  for (;;) {
    signal.throwIfAborted();
    if (!isRunning(child)) {
      throw new Error(`The ${name} ended while it started. The end of its log:\n  ${tail.join('\n  ')}`);
    }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_LIMIT_MS)]);
    const ready = await fetch(`${url}/readyz`, { signal: limit }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    if (Date.now() > end) {
      throw new Error(`The ${name} was not ready after ${READY_LIMIT_MS / 1000} s:\n  ${tail.join('\n  ')}`);
    }
    await delay(100);
  }
}
