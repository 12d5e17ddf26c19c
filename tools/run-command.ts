import { StackError } from './stack/stack-error.ts';

const INTERRUPTED = 130;

/** Tells the person at the keyboard what goes on; standard output stays for results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a command of this project with a signal that Ctrl-C and the like abort, and sets the exit code: what `command`
 * gives, 130 when it was interrupted, 1 with the message alone when something is missing or failed outside of us.
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
