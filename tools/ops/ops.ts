import { Command, CommanderError } from 'commander';
import { addAccess } from './access.ts';
import { addDlq } from './dlq.ts';
import { addFaults } from './faults.ts';
import { addImport } from './import.ts';
import { previewCommand } from './preview.ts';
import { addSeal } from './seal.ts';
import { addWhy } from './why.ts';

/** The exit code for wrong usage, as in shells. */
const USAGE = 2;

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
addSeal(ops);
ops.addCommand(previewCommand().copyInheritedSettings(ops));

try {
  await ops.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed the problem.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else if (error instanceof Error && 'code' in error) {
    // Expected errors carry a code and need no stack; anything else is a bug.
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
