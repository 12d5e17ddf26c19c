import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Whether a child process is still running. */
export function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Sends `signal` to a child process and waits until it has exited; after `limitMs`, if given, it gets SIGKILL. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals, limitMs?: number): Promise<void> {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const timer = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs);
  await exited;
  clearTimeout(timer);
}
