import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { addAccess } from './access.ts';
import { addDlq } from './dlq.ts';
import { addFaults } from './faults.ts';
import { addImport } from './import.ts';
import { addNewSecrets } from './new-secrets.ts';
import { previewCommand } from './preview-command.ts';
import { addRebuildLedger } from './rebuild-ledger.ts';
import { addSeal } from './seal.ts';
import { addSizing } from './sizing.ts';
import { addWhy } from './why.ts';
import { USAGE } from '../run-command.ts';

const ops = new Command('ops')
  .description(
    "The operator's commands. The environment names the servers they use: see docs/configuration.md.",
  )
  .showHelpAfterError('(see --help)')
  .exitOverride();
addWhy(ops);
addDlq(ops);
addFaults(ops);
addAccess(ops);
addImport(ops);
addRebuildLedger(ops);
addSeal(ops);
addNewSecrets(ops);
addSizing(ops);
ops.addCommand(previewCommand().copyInheritedSettings(ops));

try {
  await ops.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed the problem, unless a command found it.
    if (error instanceof InvalidArgumentError) console.error(`error: ${error.message}`);
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else if (error instanceof Error && 'code' in error) {
    // Expected errors carry a code and need no stack; anything else is a bug.
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
