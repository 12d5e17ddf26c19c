import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { StackError } from './stack-error.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the program when it takes longer, in milliseconds. */
  readonly timeout?: number;
  /** How many of its last lines an error tells; 10 when absent. */
  readonly lastLines?: number;
}

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs a program to its end and gives what it printed; fails with the end of what it said. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { lastLines = 10, ...options }: RunOptions = {},
): Promise<string> {
  try {
    const done = await promisify(execFile)(command, args, { ...options, maxBuffer: MAX_OUTPUT_BYTES });
    return done.stdout + done.stderr;
  } catch (cause) {
    options.signal?.throwIfAborted();
    const { stdout = '', stderr = '', message } = cause as Error & { stdout?: string; stderr?: string };
    const said = (stdout + stderr).trimEnd().split('\n').slice(-lastLines).join('\n  ');
    throw new StackError('program-failed', `${message.split('\n')[0] ?? command}\n  ${said}`, { cause });
  }
}

/** Runs a program to its end, showing its output where progress goes; resolves with its exit code. */
export async function showProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'close').catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw error;
  })) as [number | null];
  return code ?? 1;
}
