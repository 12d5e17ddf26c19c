import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import {
  encodeEvent,
  japanTimeToTheSecond,
  type EncodedEvent,
  type EventData,
  type NotifyType,
} from '#events';
import { checkEvent } from './checked-event.ts';
import { publishAndPrint, type SwitchPort } from './switch-port.ts';

/** The `ce_source` of the simulated switch. */
export const SOURCE = '/switch/simulated';

const DEFAULT_CALLER = '09012345678';

type Flags = Readonly<Record<string, string>>;

/** Adds the commands that publish one event from flags. */
export function addEventCommands(program: Command, port: SwitchPort): void {
  addCall(program, port);
  addFax(program, port);
  addFault(program, port, 'fault', 'a fault of a line');
  addFault(program, port, 'recovery', 'the recovery from a fault');
}

function addCall(program: Command, port: SwitchPort): void {
  withIdentity(program.command('call').description('publish a call'))
    .requiredOption('--called-number <number>', 'the number that was called')
    .option('--line-number <number>', 'the number the contract is known by (default: the called number)')
    .option('--caller <number>', `who rang (default: ${DEFAULT_CALLER})`)
    .option('--withheld <reason>', 'why the caller shows no number: P, C, O or S')
    .option('--started-at <time>', 'RFC 3339 with an offset (default: now)')
    .option('--ring-seconds <n>', 'how long it rang', '12')
    .option('--outcome <outcome>', 'answered, unanswered, busy, forwarded or abandoned', 'unanswered')
    .option('--refused-by <service>', 'number-request or nuisance-list')
    .option('--forwarding <failure>', 'destination-busy or destination-unreachable')
    .action((flags: Flags, command: Command) => {
      const { calledNumber, lineNumber = calledNumber, startedAt, ringSeconds, outcome } = flags;
      const { refusedBy, forwarding } = flags;
      return publishOne(command, port, 'call.v1', {
        lineNumber,
        calledNumber,
        caller: party(flags.caller, flags.withheld),
        startedAt: startedAt ?? japanTimeToTheSecond(port.now()),
        ringSeconds: number(ringSeconds),
        outcome,
        refusedBy,
        forwarding,
      });
    });
}

function addFax(program: Command, port: SwitchPort): void {
  withIdentity(program.command('fax').description('publish the reception of a FAX'))
    .requiredOption('--called-number <number>', 'the number that received it')
    .option('--line-number <number>', 'the number the contract is known by (default: the called number)')
    .option('--sender <number>', `who sent it (default: ${DEFAULT_CALLER})`)
    .option('--withheld <reason>', 'why the sender shows no number: P, C, O or S')
    .option('--received-at <time>', 'RFC 3339 with an offset (default: now)')
    .option('--pages <n>', 'the pages that arrived', '1')
    .option('--broken-off', 'the reception broke off')
    .option('--document-id <id>', 'the document (default: a new one)')
    .action((flags: Flags, command: Command) => {
      const { calledNumber, lineNumber = calledNumber, receivedAt, documentId } = flags;
      return publishOne(command, port, 'fax.v1', {
        lineNumber,
        calledNumber,
        sender: party(flags.sender, flags.withheld),
        receivedAt: receivedAt ?? japanTimeToTheSecond(port.now()),
        pages: number(flags.pages),
        complete: flags.brokenOff === undefined,
        documentId: documentId ?? `f-${randomUUID()}`,
      });
    });
}

function addFault(program: Command, port: SwitchPort, name: 'fault' | 'recovery', what: string): void {
  withIdentity(program.command(name).description(`publish ${what}`))
    .requiredOption('--line-number <number>', 'the number the contract is known by')
    .requiredOption('--fault-id <id>', 'which fault')
    .option('--at <time>', 'RFC 3339 with an offset (default: now)')
    .option('--numbers <number...>', 'the numbers affected (default: all of the line)')
    .action((flags: Flags, command: Command) =>
      publishOne(command, port, `${name}.v1`, { ...flags, at: flags.at ?? japanTimeToTheSecond(port.now()) }),
    );
}

function withIdentity(command: Command): Command {
  return command
    .option('--id <id>', 'ce_id (default: a new one)')
    .option('--source <source>', 'ce_source', SOURCE)
    .option('--as-it-is', 'publish it unchecked: one that is wrong becomes a dead letter');
}

async function publishOne(command: Command, port: SwitchPort, type: NotifyType, data: object): Promise<void> {
  const { id = randomUUID(), source = SOURCE, asItIs } = command.opts<Flags>();
  const now = port.now();
  if (asItIs !== undefined) return publishAndPrint(port, [asItIsEvent(type, { id, source }, data, now)]);
  const time = japanTimeToTheSecond(now);
  const checked = checkEvent({ specversion: '1.0', type, id, source, time, data }, now);
  if (checked.ok) return publishAndPrint(port, [checked.event]);
  const problems = checked.problems.map(({ path, message }) => `${flagOf(path)}: ${message}`);
  return command.error(problems.join('\n'));
}

/** The record of data that nobody has checked. */
function asItIsEvent(
  type: NotifyType,
  name: { readonly id: string; readonly source: string },
  data: object & { readonly lineNumber?: string },
  time: number,
): EncodedEvent {
  return encodeEvent({
    type,
    ...name,
    time,
    key: data.lineNumber ?? null,
    data: data as EventData<NotifyType>,
  });
}

function party(number: string | undefined, withheld: string | undefined): object {
  if (number === undefined && withheld === undefined) return { number: DEFAULT_CALLER };
  return { number, withheld };
}

/** Text that is no number stays text, so that the check of the event reports it. */
function number(text: string | undefined): unknown {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `data.startedAt` → `--started-at`, `data.caller.number` → `--caller`, `data.caller.withheld` → `--withheld`. */
function flagOf(path: string): string {
  const [, field = path, inner] = path.split('.');
  const name = inner === 'withheld' ? inner : field;
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
