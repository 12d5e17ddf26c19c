import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { localDown, localReset, localStatus, localUp, type StackAddresses } from './local-stack.ts';
import { StackError } from './stack-error.ts';

const folder = fileURLToPath(new URL('../../.stack/', import.meta.url));

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(addresses: StackAddresses): void {
  for (const [name, value] of Object.entries(addresses)) process.stdout.write(`${name}=${value}\n`);
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupted.abort());

const program = new Command('stack').description('Kafka, Redis and a mail inbox for this checkout');
program.command('up').action(async () => print(await localUp(folder, say, interrupted.signal)));
program.command('down').action(() => localDown(folder));
program.command('reset').action(() => localReset(folder));
program.command('status').action(async () => {
  const addresses = await localStatus(folder);
  if (addresses !== undefined) return print(addresses);
  say('Not all servers are up: `npm run stack -- up` starts them.');
  process.exitCode = 1;
});

try {
  await program.parseAsync();
} catch (error) {
  if (interrupted.signal.aborted) process.exitCode = 130;
  else if (error instanceof StackError) {
    say(error.message);
    process.exitCode = 1;
  } else throw error;
}
