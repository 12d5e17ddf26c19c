import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { APP_FLAGS } from '../app-flags.ts';
import { endChild, isRunning } from '../end-child.ts';
import { endLeftApp, recordApp } from './demo-record.ts';

/** One of our apps, running as it would for real: compiled, in a process of its own, configured by the environment. */
export interface AppProcess {
  /** Where its HTTP answers. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;
/** In order takes a second; with a server away it takes long, and Ctrl-C is to end the demo within seconds. */
const STOP_LIMIT_MS = 3_000;
const LOOK_LIMIT_MS = 5_000;

/** An app to start. */
export interface AppStart {
  readonly name: 'notifier' | 'settings';
  /** Its compiled main file. */
  readonly program: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its log and the record of its process are. */
  readonly folder: string;
}

/**
 * Starts an app in place of one that a killed demo left, and resolves when `/readyz` says yes. Rejects with the end of its
 * log when it does not; no process is left then.
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
    // A session of its own: Ctrl-C reaches only the demo, which stops it in order.
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
