import { spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { StackError } from './stack-error.ts';

interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the program when it takes longer, in milliseconds. */
  readonly timeout?: number;
  /** Gives it a process group of its own, which ends as a whole when it is interrupted; told the group. */
  readonly inGroup?: (group: number) => void;
  /** Of `showProgram`: told what it says, besides showing it. */
  readonly onOutput?: (part: Buffer) => void;
  /** How many of its last lines an error tells; 10 when absent. */
  readonly lastLines?: number;
}

interface Finished {
  readonly code: number;
  readonly said: string;
}

/** Runs a program until it has really ended, also when it is interrupted: what it holds can be removed then. */
async function finish(
  command: string,
  args: readonly string[],
  stdio: StdioOptions,
  { signal, inGroup, onOutput, ...options }: RunOptions,
): Promise<Finished> {
  signal?.throwIfAborted();
  const child = spawn(command, args, { ...options, stdio, detached: inGroup !== undefined });
  if (child.pid !== undefined) inGroup?.(child.pid);
  const stop = (): void => {
    if (inGroup === undefined || child.pid === undefined || child.exitCode !== null) child.kill();
    else process.kill(-child.pid);
  };
  signal?.addEventListener('abort', stop);
  const said: Buffer[] = [];
  for (const output of [child.stdout, child.stderr])
    output?.on('data', onOutput ?? ((part: Buffer) => said.push(part)));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal?.throwIfAborted();
    return { code: code ?? 1, said: Buffer.concat(said).toString() };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Runs a program to its end and gives what it printed; fails with the end of what it said. */
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

/** Runs a program to its end, showing its output where progress goes; resolves with its exit code. */
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
