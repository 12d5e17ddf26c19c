import { InvalidArgumentError, type Command } from 'commander';
import { assuming, ASSUMPTIONS, type Assumptions } from '../sizing/assumptions.ts';
import { deploymentRows, outageRows } from '../sizing/sizing-tables.ts';

/** `ops sizing`: what a deployment needs, computed from measured costs. */
export function addSizing(ops: Command): void {
  const command = ops
    .command('sizing')
    .summary('what a deployment for so many numbers needs')
    .description(
      'Compute from measured costs what a deployment needs: notifiers, partitions, brokers, Redis and disks, and ' +
        'simulate outages in its busiest hour. Needs no server. See docs/sizing.md',
    );
  for (const { name, flag, usual, text } of ASSUMPTIONS)
    command.option(`--${flag} <number>`, text, argumentOf(name), usual);
  command.action(sizing);
}

function sizing(given: Partial<Assumptions>): void {
  const assumptions = assuming(given);
  print(deploymentRows(assumptions).map(([what = '', value = '']) => [what.replaceAll('`', ''), value]));
  console.log();
  print([
    ['away in the busiest hour', 'calls waiting', 'oldest', 'caught up after'],
    ...outageRows(assumptions),
  ]);
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
}

const SHARES: ReadonlySet<keyof Assumptions> = new Set(['busyHourShare', 'noticeShare', 'utilisation']);

function argumentOf(name: keyof Assumptions): (text: string) => number {
  if (name === 'zones') return wholeArgument;
  return SHARES.has(name) ? shareArgument : sizeArgument;
}

function sizeArgument(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

function shareArgument(text: string): number {
  const value = sizeArgument(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError('Expected a part of 1, such as 0.3.');
}

function wholeArgument(text: string): number {
  const value = sizeArgument(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}
