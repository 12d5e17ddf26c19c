import { isAccessMail, japanTime, type NotifyEvent } from '#events';
import type { Decision } from '#rules';
import { afterRecovery } from './fault-state/after-recovery.ts';
import type { LedgerEvent, LedgerTable, OutcomeItem, RecipientState } from './ports.ts';

/**
 * The number that an outcome is filed under: the called number, the access mail's number, for faults the line number.
 */
export function numberOf(event: NotifyEvent): string {
  if (isAccessMail(event)) return event.number;
  switch (event.kind) {
    case 'call':
    case 'fax':
      return event.calledNumber;
    case 'fault':
    case 'recovery':
      return event.lineNumber;
  }
}

/** The line of an event; null for an access mail, whose line is not known. */
function lineNumberOf(event: NotifyEvent): string | null {
  if (isAccessMail(event)) return null;
  switch (event.kind) {
    case 'call':
    case 'fax':
    case 'fault':
    case 'recovery':
      return event.lineNumber;
  }
}

/** The outcome of a suppressed event: decided once, published once, sequence 1. */
export function outcomeWithoutMail(event: NotifyEvent, decision: Decision): OutcomeItem {
  return {
    eventSource: event.source,
    eventId: event.id,
    sequence: 1,
    kind: event.kind,
    number: numberOf(event),
    lineNumber: lineNumberOf(event),
    at: japanTime(event.at),
    reason: decision.reason,
    recipients: [],
  };
}

/** Whether every recipient has an answer, so that the outcome is complete; a replay opens rows that had one. */
export function isAnswered({ rows }: LedgerTable): boolean {
  return rows.every(({ state }) => state !== 'open');
}

/** The outcome of an event from its table, which must be answered (`isAnswered`); R4 may change its reason too. */
export function outcomeOf(table: LedgerTable): OutcomeItem {
  const { event, sequence, rows } = table;
  return {
    eventSource: event.source,
    eventId: event.id,
    sequence,
    kind: event.kind,
    number: event.number,
    lineNumber: event.lineNumber,
    at: japanTime(event.at),
    reason: afterRecovery(table).reason,
    recipients: rows.map(({ address, state, attempts, response }) => ({
      address,
      state: state as RecipientState,
      attempts,
      response,
    })),
  };
}

/** The ledger's form of an event with recipients. */
export function ledgerEvent(event: NotifyEvent, decision: Decision): LedgerEvent {
  return {
    source: event.source,
    id: event.id,
    kind: event.kind,
    number: numberOf(event),
    lineNumber: lineNumberOf(event),
    brand: decision.brand ?? '',
    at: event.at,
    deadline: decision.deadline,
    reason: decision.reason,
    recipients: decision.recipients,
  };
}
