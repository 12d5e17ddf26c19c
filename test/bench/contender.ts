import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Runs a contender's program of this folder in a process of its own; resolves with its events a second. It prints
 * `{ "events", "seconds" }`.
 */
export async function runContender(file: string, args: readonly (string | number)[]): Promise<number> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args.map(String)]);
  const { events, seconds } = JSON.parse(stdout) as { events: number; seconds: number };
  return events / seconds;
}
