import { Command, CommanderError } from 'commander';
import { addDlq } from './dlq.ts';
import { addFaults } from './faults.ts';
import { addImport } from './import.ts';
import { previewCommand } from './preview.ts';
import { addSeal } from './seal.ts';
import { addWhy } from './why.ts';

/** As shells have it: the command was called wrongly. */
const USAGE = 2;

const ops = new Command('ops')
  .description("The operator's commands. What they reach is named by the environment: docs/configuration.md.")
  .showHelpAfterError('(--help says more)')
  .exitOverride();
addWhy(ops);
addDlq(ops);
addFaults(ops);
addImport(ops);
addSeal(ops);
ops.addCommand(previewCommand().copyInheritedSettings(ops));

try {
  await ops.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what was wrong.
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  } else if (error instanceof Error && 'code' in error) {
    // What we foresaw carries a code and says enough; the rest is a bug and keeps its stack.
    console.error(error.message);
    process.exitCode = 1;
  } else throw error;
}
