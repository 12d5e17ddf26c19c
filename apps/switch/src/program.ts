import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { addEventCommands, SOURCE } from './event-commands.ts';
import { readEventFile } from './event-file.ts';
import { createKnownSettings } from './known-settings.ts';
import { runLoad, type LoadOptions } from './load.ts';
import { publishAndPrint, type SwitchPort } from './switch-port.ts';
import { toldLine } from './told-line.ts';
import { readTold } from './told.ts';

/** More problems of a file than this help nobody. */
const FAULTS_SHOWN = 20;
const BATCH = 1_000;

/** The command line of the simulated switch. Rejects with commander's `CommanderError` for wrong usage. */
export function createProgram(port: SwitchPort): Command {
  const program = new Command('switch')
    .description('The simulated telephone switch: publishes events to Kafka and takes commands')
    .exitOverride();
  addEventCommands(program, port);
  addLoad(program, port);
  program
    .command('file')
    .description('publish the events of a JSON-lines file, if all of them are right')
    .argument('<path>', 'one event a line: { "type": "call.v1", "data": { … } }')
    .action((path: string) => publishFile(port, path));
  program
    .command('listen')
    .description('print what the switch is told, settings and commands, as it comes')
    .action(() => listen(port));
  return program;
}

function addLoad(program: Command, port: SwitchPort): void {
  program
    .command('load')
    .description('publish a stream of calls at a constant rate')
    .requiredOption('--rate <n>', 'calls a second', positive)
    .requiredOption('--seconds <n>', 'for how long', positive)
    .requiredOption('--numbers <n>', 'over how many numbers, a line each', positive)
    .option('--first-number <number>', 'the first of them; the others count up', telephone, '0310000000')
    .option('--source <source>', 'ce_source', SOURCE)
    .option('--seed <n>', 'who rings whom and how it ends', positive, 1)
    .action(async (options: LoadOptions) => {
      const { acknowledged, seconds } = await runLoad(port, options);
      const rate = Math.round(acknowledged / seconds);
      port.print(`${acknowledged} calls acknowledged in ${seconds.toFixed(1)} s: ${rate} a second`);
    });
}

async function publishFile(port: SwitchPort, path: string): Promise<void> {
  const { events, faults } = readEventFile(await readFile(path, 'utf8'), SOURCE, port.now());
  if (faults.length > 0) {
    const more = faults.length > FAULTS_SHOWN ? [`and ${faults.length - FAULTS_SHOWN} more`] : [];
    throw new Error([`${path}: nothing published`, ...faults.slice(0, FAULTS_SHOWN), ...more].join('\n'));
  }
  for (let from = 0; from < events.length; from += BATCH) {
    if (port.signal.aborted) break;
    await publishAndPrint(port, events.slice(from, from + BATCH));
  }
}

function listen(port: SwitchPort): Promise<void> {
  const known = createKnownSettings();
  return port.follow((record) => {
    const read = readTold(record);
    if (!read.ok) {
      const problems = read.problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
      port.print(`offset ${record.offset} of partition ${record.partition} of ${record.topic}: ${problems}`);
      return;
    }
    const counts = known.learn(read.value);
    port.print(toldLine(read.value) + (counts ? '' : ' (older than what is known)'));
  });
}

function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function telephone(text: string): string {
  if (!/^0\d{9,10}$/.test(text))
    throw new InvalidArgumentError('Expected 10 or 11 digits, the first of them 0.');
  return text;
}
