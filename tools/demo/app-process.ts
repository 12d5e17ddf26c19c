import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { APP_FLAGS } from '../app-flags.ts';
import { endLeftApp, recordApp } from './demo-record.ts';

/** One of our apps, running as it would for real: compiled, in a process of its own, configured by the environment. */
export interface AppProcess {
  /** Where its HTTP answers. */
  readonly url: string;
  stop(): Promise<void>;
}

const READY_LIMIT_MS = 60_000;
/** In order takes a second; with a server away it takes long, and Ctrl-C is to end the demo within seconds. */
const STOP_LIMIT_MS = 5_000;

/**
 * Starts `dist/apps/<name>` in place of one that a killed demo left, and resolves when `/readyz` says yes. Rejects with the
 * end of its log when it does not. Its log and the record of its process are in `folder`.
 */
export async function startApp(
  name: 'notifier' | 'settings',
  port: number,
  environment: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
): Promise<AppProcess> {
  await endLeftApp(folder, name);
  const child = spawn(process.execPath, [...APP_FLAGS, `dist/apps/${name}/src/main.js`], {
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
  try {
    if (child.pid !== undefined) await recordApp(folder, name, child.pid);
    await untilReady(name, child, url, tail, signal);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { url, stop: () => stop(child) };
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
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The ${name} ended while it started. The end of its log:\n  ${tail.join('\n  ')}`);
    }
    const ready = await fetch(`${url}/readyz`).then(
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
}
