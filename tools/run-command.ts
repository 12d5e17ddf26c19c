import { StackError } from './stack/stack-error.ts';

const INTERRUPTED = 130;
/** The exit code for wrong arguments, as in shells. */
export const USAGE = 2;

/** Prints progress to standard error; standard output is for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Reads the arguments by `parse`. When it throws, prints what is wrong and how to call the command, and exits with 2. */
export function readArguments<T>(usage: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return process.exit(USAGE);
  }
}

/**
 * Runs a command with a signal that SIGINT, SIGTERM and SIGHUP abort, and sets the exit code: the result of `command`,
 * 130 when interrupted, or 1 on an error. A `StackError` is printed without its stack.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<number | void>): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (!interrupted.signal.aborted) say('Stopping');
      interrupted.abort();
    });
  try {
    process.exitCode = (await command(interrupted.signal)) ?? 0;
  } catch (error) {
    process.exitCode = interrupted.signal.aborted ? INTERRUPTED : 1;
    if (interrupted.signal.aborted) return;
    if (!(error instanceof StackError)) throw error;
    say(error.message);
  }
}
