import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { asProgram } from './as-program.ts';
import { keepLog } from './run-log.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The result of an `ops` command. */
export interface OpsResult {
  readonly code: number | null;
  /** The lines of standard output. */
  readonly lines: readonly string[];
  readonly stderr: string;
}

/** Runs `ops` in a child process with exactly this environment and PATH. */
export async function runOps(
  environment: Readonly<Record<string, string>>,
  args: readonly string[],
  input = '',
): Promise<OpsResult> {
  const child = spawn(process.execPath, ['--conditions=source', 'tools/ops/ops.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...(await asProgram('ops', environment)) },
  });
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  keepLog(stderr);
  return { code: child.exitCode, lines: stdout.split('\n').filter(Boolean), stderr };
}
