import { Command, CommanderError } from 'commander';
import { runCommand, say, USAGE } from '../run-command.ts';
import {
  serversDown,
  serversReset,
  serversStatus,
  serversUp,
  STACK_FOLDER,
  type StackAddresses,
} from './servers.ts';

function print(addresses: StackAddresses): void {
  for (const [name, value] of Object.entries(addresses)) process.stdout.write(`${name}=${value}\n`);
}

async function stack(signal: AbortSignal): Promise<number> {
  let code = 0;
  const program = new Command('npm run stack --')
    .description('Kafka, Redis and a mail inbox for this checkout, kept running in the background')
    .exitOverride();
  program
    .command('up')
    .description('start the servers that are not running, and print the addresses')
    .action(async () => print(await serversUp(STACK_FOLDER, say, signal)));
  program
    .command('status')
    .description('print the addresses; exit code 1 unless all servers are up')
    .action(async () => {
      const addresses = await serversStatus(STACK_FOLDER);
      if (addresses !== undefined) return print(addresses);
      say('Not all servers are up: `npm run stack -- up` starts them.');
      code = 1;
    });
  program
    .command('down')
    .description('stop the servers; their data stays')
    .action(() => serversDown(STACK_FOLDER));
  program
    .command('reset')
    .description('empty the servers')
    .action(async () => {
      const addresses = await serversReset(STACK_FOLDER, say, signal);
      if (addresses !== undefined) print(addresses);
    });
  await program.parseAsync().catch((error: unknown) => {
    // Commander has printed the problem, or the help that was asked for.
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : USAGE;
  });
  return code;
}

await runCommand(stack);
