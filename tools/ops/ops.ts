import { Command } from 'commander';
import { previewCommand } from './preview.ts';

const ops = new Command('ops')
  .description("The operator's commands")
  .addCommand(previewCommand())
  .showHelpAfterError();

try {
  await ops.parseAsync();
} catch (error) {
  // What we foresaw carries a code and says enough; the rest is a bug and keeps its stack.
  if (!(error instanceof Error && 'code' in error)) throw error;
  ops.error(error.message);
}
