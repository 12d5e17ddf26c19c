import { Command } from 'commander';
import { previewCommand } from './preview.ts';

const ops = new Command('ops')
  .description("The operator's commands")
  .addCommand(previewCommand())
  .showHelpAfterError();

await ops.parseAsync();
