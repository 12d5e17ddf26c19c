import { InvalidArgumentError, type Command } from 'commander';
import { dial, type Telephone } from './dial.ts';

interface DialFlags {
  readonly from: string;
  readonly voice: string;
  readonly token?: string;
  readonly keys?: readonly string[];
}

/** Adds the command that calls the access number. `defaultToken` is asked when none is given. */
export function addDialCommand(
  program: Command,
  phone: Telephone,
  defaultToken: () => string | undefined,
): void {
  program
    .command('dial')
    .description('call the access number and dial a temporary password; prints what the caller hears')
    .requiredOption('--from <number>', 'who calls; "" withholds the number')
    .option('--voice <url>', 'where the voice app is', address, 'http://127.0.0.1:3000')
    .option('--token <token>', 'what the media server shows (default: the first one of VOICE_TOKENS)')
    .option(
      '--keys <keys>',
      'the keys of each question, separated by commas; then those typed, a line each',
      list,
    )
    .addHelpText(
      'after',
      '\nAn empty line, or nothing between two commas, presses nothing. For a temporary password of the whole line:\n' +
        '  switch dial --from 0312345678 --keys 1,12983476,12983476',
    )
    .action(({ token = defaultToken(), keys = [], ...flags }: DialFlags) => {
      const pressed = [...keys];
      const readKeys = async (): Promise<string | undefined> => pressed.shift() ?? phone.readKeys();
      return dial({ ...flags, token }, { ...phone, readKeys });
    });
}

function list(text: string): string[] {
  return text.split(',').map((keys) => keys.trim());
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new InvalidArgumentError('Expected an address like http://127.0.0.1:3000.');
  return text;
}
