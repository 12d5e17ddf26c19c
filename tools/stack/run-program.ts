import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { StackError } from './stack-error.ts';

interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Kills the program after this time, in milliseconds. */
  readonly timeout?: number;
  /** Runs it in its own process group, which is signalled as a whole on abort. Called with the group's id. */
  readonly inGroup?: (group: number) => void;
  /** For `showProgram`: also called with the output. */
  readonly onOutput?: (part: Buffer) => void;
  /** How many of the last lines an error contains; 10 by default. */
  readonly lastLines?: number;
}

interface Finished {
  readonly code: number;
  readonly said: string;
}

/** Runs a program and waits for its exit even on abort, so that its files can be removed afterwards. */
async function finish(
  command: string,
  args: readonly string[],
  stdio: StdioOptions,
  { signal, inGroup, onOutput, timeout, ...options }: RunOptions,
): Promise<Finished> {
  signal?.throwIfAborted();
  const child = spawn(command, args, { ...options, stdio, detached: inGroup !== undefined });
  if (child.pid !== undefined) inGroup?.(child.pid);
  const stop = (): void => {
    if (inGroup === undefined || child.pid === undefined || child.exitCode !== null) child.kill();
    else process.kill(-child.pid);
  };
  signal?.addEventListener('abort', stop);
  // Not spawn's own: its timer goes on when the program does not start.
  const timer = timeout === undefined ? undefined : setTimeout(stop, timeout);
  const said: Buffer[] = [];
  for (const output of [child.stdout, child.stderr])
    output?.on('data', onOutput ?? ((part: Buffer) => said.push(part)));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal?.throwIfAborted();
    return { code: code ?? 1, said: Buffer.concat(said).toString() };
  } finally {
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
  }
}

/** Runs a program and resolves with its output. Rejects with the end of the output when it fails. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const called = [command, ...args].join(' ').slice(0, 200);
  const { code, said } = await finish(command, args, ['ignore', 'pipe', 'pipe'], options).catch(
    (cause: unknown) => {
      options.signal?.throwIfAborted();
      throw new StackError('program-failed', `${called}: ${String(cause)}`, { cause });
    },
  );
  if (code === 0) return said;
  const end = said
    .trimEnd()
    .split('\n')
    .slice(-(options.lastLines ?? 10))
    .join('\n  ');
  throw new StackError('program-failed', `${called} failed:\n  ${end}`);
}

/** Runs a program with its output on standard error; resolves with its exit code. */
export async function showProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const { onOutput } = options;
  if (!onOutput) return (await finish(command, args, ['ignore', 2, 2], options)).code;
  const show = (part: Buffer): void => {
    process.stderr.write(part);
    onOutput(part);
  };
  return (await finish(command, args, ['ignore', 'pipe', 'pipe'], { ...options, onOutput: show })).code;
}
