import { japanTime, type LedgerRow, type LedgerTable } from '#delivery';
import type { Outcome } from '#redis';
import { REASONS, type Reason } from '#rules';
import { counted, visible } from './text.ts';

/** What each reason means, in a sentence for the operator. */
const MEANING: Readonly<Record<Reason, string>> = {
  'unknown-number': 'no line with this number is known, or it belongs to another line',
  'service-off': 'the service is not started',
  'refused-number-request': 'Number Request refused the call (C7)',
  'nuisance-caller': 'the caller is on the nuisance list (C8)',
  'forward-failed': 'Voice Warp could not forward the call (C9)',
  answered: 'the call was answered, and only unanswered ones are wanted (C5)',
  'withheld-not-target': 'the number was withheld, and only target callers are wanted (C6)',
  'not-target': 'the caller is no target caller (C4)',
  'no-recipient': 'the box of every recipient is off',
  notify: 'it becomes mail',
  'too-late': 'its deadline had passed (C15)',
  'already-notified': 'the same fault or recovery had been told (R4)',
  'recovered-before-notice': 'nobody had the mail of the fault when the recovery came (R4)',
  stale: 'the fault is not newer than its own recovery',
};

/** An event, why it did or did not become mail, and each recipient's state; the ledger knows more than the outcome. */
export function describeOutcome(outcome: Outcome, table: LedgerTable | undefined): string[] {
  const { at, kind, reason, number, lineNumber, eventId, eventSource, sequence, recipients } = outcome;
  const line = lineNumber !== null && lineNumber !== number ? ` of line ${lineNumber}` : '';
  const meaning = REASONS.find((one) => one === reason);
  const states = reason === 'notify' ? (table?.rows ?? recipients).map(({ state }) => state) : undefined;
  const rows = table
    ? table.rows.map(rowLine)
    : recipients.map((one) => `  ${one.address}  ${one.state}, ${tried(one)}`);
  return [
    `${at}  ${kind}  ${number}${line}  ${reason}${states ? `: ${mailsByState(states)}` : meaning ? `: ${MEANING[meaning]}` : ''}`,
    `  event ${eventId} of ${eventSource}, outcome ${sequence}`,
    ...rows,
  ].map(visible);
}

/** How an outcome's mails stand in words: `2 accepted, 1 deferred`. */
function mailsByState(states: readonly LedgerRow['state'][] | readonly string[]): string {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${WORDS[state] ?? state}`);
  return parts.length === 0 ? 'nobody is to get a mail' : `mails: ${parts.join(', ')}`;
}

/** States that a word alone does not explain. */
const WORDS: Readonly<Record<string, string>> = {
  open: 'waiting or under way',
  deferred: 'waiting for another try',
  'in-doubt': 'in doubt',
};

/** Whether a mail of it still waits to be sent, as far as is known. */
export function waitsForMail({
  outcome,
  table,
}: {
  readonly outcome?: Outcome;
  readonly table?: LedgerTable;
}): boolean {
  const rows: readonly { readonly state: string }[] = table?.rows ?? outcome?.recipients ?? [];
  return rows.some(({ state }) => state === 'open' || state === 'deferred');
}

/** An event that the ledger knows and of which no outcome was told yet. */
export function describeTable(table: LedgerTable): string[] {
  const { at, kind, reason, number, lineNumber, source, id } = table.event;
  const states = mailsByState(table.rows.map((row) => row.state));
  return [
    `${japanTime(at)}  ${kind}  ${number}${lineNumber === null ? '' : ` of line ${lineNumber}`}  ${reason}: ${states}`,
    `  event ${id} of ${source}`,
    ...table.rows.map(rowLine),
  ].map(visible);
}

function rowLine(row: LedgerRow): string {
  const { address, state, notBefore, retryTopic, deadLetter } = row;
  const next =
    state === 'deferred' && notBefore !== undefined
      ? `; waits in ${retryTopic} until ${japanTime(notBefore)}, then it is tried again`
      : '';
  const dead = deadLetter || state === 'in-doubt' ? '; in the dead letters' : '';
  return `  ${address}  ${state === 'open' ? 'waits or is under way (no answer yet)' : state}, ${tried(row)}${next}${dead}`;
}

function tried({ attempts, response }: { readonly attempts: number; readonly response: string }): string {
  return counted(attempts, 'attempt') + (response ? `: ${response}` : '');
}
