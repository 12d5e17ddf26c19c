import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StackError } from './stack-error.ts';

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs a program to its end and gives what it printed; fails with the end of what it said. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly signal?: AbortSignal | undefined; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  try {
    const done = await promisify(execFile)(command, args, { ...options, maxBuffer: MAX_OUTPUT_BYTES });
    return done.stdout + done.stderr;
  } catch (cause) {
    options.signal?.throwIfAborted();
    const { stdout = '', stderr = '', message } = cause as Error & { stdout?: string; stderr?: string };
    const said = (stdout + stderr).trimEnd().split('\n').slice(-10).join('\n  ');
    throw new StackError('server-failed', `${command} failed: ${message.split('\n')[0] ?? ''}\n  ${said}`, {
      cause,
    });
  }
}
