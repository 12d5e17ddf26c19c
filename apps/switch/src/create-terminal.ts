import { createInterface } from 'node:readline';
import type { Telephone } from './dial.ts';

/** The terminal as a telephone: a line is the keys of one question, the end of the input hangs up. */
export function createTerminal(signal: AbortSignal): Telephone {
  let lines: AsyncIterator<string> | undefined;
  return {
    signal,
    print: (line) => console.log(line),
    async readKeys() {
      lines ??= createInterface({ input: process.stdin, signal })[Symbol.asyncIterator]();
      if (process.stdin.isTTY) process.stdout.write('> ');
      const read = await lines.next();
      return read.done === true ? undefined : read.value.trim();
    },
  };
}
