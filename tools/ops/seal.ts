import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { seal, secretSchema } from '#events';
import { OpsError } from './ops-error.ts';
import { environmentWith } from './servers.ts';

const EXPECTED =
  'expected {"code":"…"} of 1 to 32 letters, digits and hyphens, or {"link":"https://…"} without spaces or a user name';

interface SealOptions {
  readonly code?: string;
  readonly link?: string;
}

/** `ops seal`: seals a code or a link for an access mail. */
export function addSeal(ops: Command): void {
  ops
    .command('seal')
    .summary('seal a code or a link for an access mail')
    .description(
      'Seal a code or a link for one access mail, with the first key of SEAL_KEYS. Reads {"code":"…"} or {"link":"…"} ' +
        'from standard input, which, unlike a flag, does not show in the process list.',
    )
    .argument('<event id>', 'the ce_id of the event that will carry it; it cannot be opened with another id')
    .option('--code <code>', 'a code, instead of standard input')
    .option('--link <link>', 'a link, instead of standard input')
    .action(sealAndPrint);
}

async function sealAndPrint(eventId: string, options: SealOptions, command: Command): Promise<void> {
  if (eventId === '') command.error("error: expected the event's id, got nothing");
  if (options.code !== undefined && options.link !== undefined)
    command.error('error: expected --code or --link, not both');
  const { SEAL_KEYS } = environmentWith(['SEAL_KEYS']);
  const isFlag = Object.keys(options).length > 0;
  const read = secretSchema.safeParse(isFlag ? options : parse(await standardInput()));
  if (read.success) return console.log(seal(read.data, eventId, SEAL_KEYS));
  // The input is not repeated: it may be the secret.
  if (isFlag) command.error(`error: ${EXPECTED}`);
  throw new OpsError('refused', EXPECTED);
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY) console.error('{"code":"…"} or {"link":"…"}, ended by Ctrl-D:');
  return text(process.stdin);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new OpsError('unreadable', 'standard input: expected a JSON object, {"code":"…"} or {"link":"…"}');
  }
}
