import { japanTime } from '#events';
import { stateMeaning } from '#delivery';
import type { EventTable, KnownEvent } from '#operations';
import type { Outcome, ReadRow } from '#redis';
import { whyNoMail } from '#rules';
import { counted, visible } from './text.ts';

type EventRow = EventTable['rows'][number];

/** Describes an event, why it did or did not become mail, and each recipient's state; works before any outcome, too. */
export function describeEvent({ outcome, toldAt, table }: KnownEvent): string[] {
  if (outcome) return describeOutcome(outcome, toldAt, table).map(visible);
  return table ? describeTable(table).map(visible) : [];
}

function describeOutcome(
  outcome: Outcome,
  toldAt: number | undefined,
  table: EventTable | undefined,
): string[] {
  const { at, kind, reason, number, lineNumber, eventId, eventSource, sequence, recipients } = outcome;
  const line = lineNumber !== null && lineNumber !== number ? ` of line ${lineNumber}` : '';
  const meaning = reason === 'notify' ? mailsByState(table?.rows ?? recipients) : whyNoMail(reason)?.operator;
  const told = toldAt === undefined ? '' : `, told ${japanTime(toldAt)}`;
  return [
    `${at}  ${kind}  ${number}${line}  ${reason}${meaning ? `: ${meaning}` : ''}`,
    `  event ${eventId} of ${eventSource}, outcome ${sequence}${told}`,
    ...(table
      ? table.rows.map(rowLine)
      : recipients.map((one) => `  ${one.address}  ${one.state}, ${tried(one)}`)),
  ];
}

function describeTable(table: EventTable): string[] {
  const { at, kind, reason, number, lineNumber, source, id } = table.event;
  const line = lineNumber !== null && lineNumber !== number ? ` of line ${lineNumber}` : '';
  return [
    `${japanTime(at)}  ${kind}  ${number}${line}  ${reason}: ${mailsByState(table.rows)}`,
    `  event ${id} of ${source}, no outcome yet`,
    ...table.rows.map(rowLine),
  ];
}

type Standing = Pick<ReadRow, 'claimedUntil'> & { readonly state: string };

/** Counts an event's mails by state: `2 accepted, 1 waiting for another try`. */
function mailsByState(rows: readonly Standing[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(wordOf(row), (counts.get(wordOf(row)) ?? 0) + 1);
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  return parts.length === 0 ? 'nobody gets a mail' : `mails: ${parts.join(', ')}`;
}

function wordOf({ state, claimedUntil }: Standing): string {
  if (claimedUntil !== undefined) return 'under way';
  // No answer yet is a state of the ledger alone.
  return state === 'open' ? 'waiting' : (stateMeaning(state)?.operator ?? state);
}

function rowLine(row: EventRow): string {
  const dead = row.deadLetter || row.state === 'in-doubt' ? '; in the dead letters' : '';
  return `  ${row.address}  ${stateOf(row)}, ${tried(row)}${nextTry(row)}${dead}`;
}

function stateOf({ state, claimedUntil, answeredAt, isParked, notBefore }: EventRow): string {
  if (state !== 'open') return answeredAt === undefined ? state : `${state} at ${japanTime(answeredAt)}`;
  if (isParked && notBefore !== undefined)
    return `waiting or under way (Redis would know), checked again at ${japanTime(notBefore)}`;
  return claimedUntil === undefined ? 'waiting, no notifier is working on it' : 'under way, no answer yet';
}

function nextTry({ state, claimedUntil, notBefore, retryTopic }: ReadRow): string {
  if (state !== 'deferred') return '';
  if (claimedUntil !== undefined) return '; retrying now';
  return notBefore === undefined
    ? ''
    : `; waits in ${retryTopic} until ${japanTime(notBefore)}, then it is retried`;
}

function tried({ attempts, response }: { readonly attempts: number; readonly response: string }): string {
  return counted(attempts, 'attempt') + (response ? `: ${response}` : '');
}
