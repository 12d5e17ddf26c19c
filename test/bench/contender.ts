import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Runs a program of this folder to compare with, in a child process. It prints `{ "events", "seconds" }`; resolves with
 * its events a second.
 */
export async function runContender(file: string, args: readonly (string | number)[]): Promise<number> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args.map(String)]);
  const { events, seconds } = JSON.parse(stdout) as { events: number; seconds: number };
  return events / seconds;
}
