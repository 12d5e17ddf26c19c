import { CommanderError } from 'commander';
import { exitOnBadEnvironment, loadEnvironment } from '#platform';
import { createTerminal } from './create-terminal.ts';
import { addDialCommand } from './dial-command.ts';
import { createKafkaPort } from './kafka-port.ts';
import { createProgram } from './program.ts';

/** The shells' code for wrong usage. */
const USAGE = 2;

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());

const port = createKafkaPort(
  () => exitOnBadEnvironment(() => loadEnvironment(['KAFKA_BROKERS'])),
  stop.signal,
);
const program = createProgram(port);
addDialCommand(
  program,
  createTerminal(stop.signal),
  () => exitOnBadEnvironment(() => loadEnvironment([])).VOICE_TOKENS?.[0].token,
);
let exitCode = 0;
try {
  await program.parseAsync();
} catch (error) {
  // Commander has printed what was wrong.
  if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? 0 : USAGE;
  else {
    console.error(error instanceof Error ? error.message : String(error));
    exitCode = 1;
  }
}
await port.close();
process.exit(exitCode);
