import type { Command } from 'commander';
import { isFaultOpen, type FaultRecord, type LineFaults } from '#delivery';
import { japanTime } from '#events';
import { faultsOfLine } from '#redis';
import { environmentWith, withRedis } from './servers.ts';
import { counted, numberArgument, visible } from './text.ts';

/** `ops faults`: which faults of a line are open, since when, and whether the transfer was started. */
export function addFaults(ops: Command): void {
  ops
    .command('faults')
    .summary('which faults of a line are open')
    .description(
      'Show which faults of a line are open: since when, whether the transfer was started, whether a mail was sent. ' +
        'An automatic stop waits until none is open (R3). A fault whose recovery was lost expires after 30 days',
    )
    .argument('<line number>', 'the telephone number of the contract', numberArgument)
    .action(faults);
}

async function faults(lineNumber: string): Promise<void> {
  const environment = environmentWith(['REDIS_URL']);
  const state = await withRedis(environment, (redis) => faultsOfLine(redis, lineNumber, Date.now()));
  for (const line of describeFaults(lineNumber, state)) console.log(line);
}

/** Describes a line's faults, one a line: the open ones first, then those that recovered. */
export function describeFaults(lineNumber: string, state: LineFaults): string[] {
  const all = [...state].toSorted(([, one], [, other]) => one.failedAt - other.failedAt);
  const open = all.filter(([, record]) => isFaultOpen(record));
  const over = all.filter(([, record]) => !isFaultOpen(record));
  if (all.length === 0) return [`line ${lineNumber}: no fault in the last 30 days`];
  const waits = open.length > 0 ? '; an automatic stop waits until none is open' : '';
  return [
    `line ${lineNumber}: ${counted(open.length, 'open fault')}${waits}`,
    ...open.map(([faultId, record]) => `  ${faultId}  ${openSince(record)}`),
    ...over.map(([faultId, record]) => `  ${faultId}  ${recovered(record)}`),
  ].map(visible);
}

function openSince({ failedAt, lastFailedAt, started, faultNotice }: FaultRecord): string {
  const again = lastFailedAt > failedAt ? `, last reported ${japanTime(lastFailedAt)}` : '';
  const transfer = started ? 'the transfer was started' : 'no transfer was started';
  const mail = faultNotice ? `mails of event ${faultNotice.id}` : 'no mail';
  return `open since ${japanTime(failedAt)}${again}; ${transfer}; ${mail}`;
}

function recovered({ failedAt, recoveredAt }: FaultRecord): string {
  const since = failedAt > 0 ? `failed ${japanTime(failedAt)}, ` : 'its fault was never reported; ';
  return `${since}recovered ${japanTime(recoveredAt)}`;
}
