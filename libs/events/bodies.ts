import type { z } from 'zod';
import {
  ACCESS_LIFE_MS,
  type AccessMailEvent,
  type CallEvent,
  type EventBase,
  type FaultEvent,
  type FaxEvent,
  type Party,
  type WithheldReason,
} from './event.ts';
import { nationalNumber, type party } from './fields.ts';
import { instantOf } from './rfc3339-time.ts';
import type {
  accessMailSchema,
  bulkTransferSchema,
  callSchema,
  faultSchema,
  faxSchema,
  outcomesSchema,
} from './schemas.ts';

/** What the data of an event say, without what its envelope says. */
export type BodyOf<Event extends EventBase> = Event extends unknown ? Omit<Event, 'source' | 'id'> : never;

/** What the switch is told to do (R3), `at` in epoch milliseconds. */
export type BulkTransfer = Omit<z.output<typeof bulkTransferSchema>, 'at'> & { readonly at: number };
/** What became of events, as a reader of `notify-outcomes` sees it. */
export type Outcomes = z.output<typeof outcomesSchema>;

// Each takes what keeps to its schema and leaves behind what the schema does not name: a reader ignores it, and it would
// only take room.

export function toCall(data: z.output<typeof callSchema>): BodyOf<CallEvent> {
  const call = {
    kind: 'call' as const,
    at: instantOf(data.startedAt),
    lineNumber: nationalNumber(data.lineNumber),
    calledNumber: nationalNumber(data.calledNumber),
    caller: toParty(data.caller),
    ringSeconds: data.ringSeconds,
    outcome: data.outcome,
  };
  const { refusedBy, forwarding } = data;
  if (refusedBy === undefined && forwarding === undefined) return call;
  return {
    ...call,
    ...(refusedBy === undefined ? {} : { refusedBy }),
    ...(forwarding === undefined ? {} : { forwarding }),
  };
}

export function toFax(data: z.output<typeof faxSchema>): BodyOf<FaxEvent> {
  return {
    kind: 'fax',
    at: instantOf(data.receivedAt),
    lineNumber: nationalNumber(data.lineNumber),
    calledNumber: nationalNumber(data.calledNumber),
    sender: toParty(data.sender),
    pages: data.pages,
    complete: data.complete,
    documentId: data.documentId,
  };
}

export function toFault(data: z.output<typeof faultSchema>): BodyOf<FaultEvent> {
  return { kind: 'fault', ...faultOf(data) };
}

export function toRecovery(data: z.output<typeof faultSchema>): BodyOf<FaultEvent> {
  return { kind: 'recovery', ...faultOf(data) };
}

function faultOf(data: z.output<typeof faultSchema>): Omit<BodyOf<FaultEvent>, 'kind'> {
  const fault = {
    lineNumber: nationalNumber(data.lineNumber),
    faultId: data.faultId,
    at: instantOf(data.at),
  };
  return data.numbers === undefined ? fault : { ...fault, numbers: data.numbers.map(nationalNumber) };
}

export function toAccessMail(data: z.output<typeof accessMailSchema>): BodyOf<AccessMailEvent> {
  const at = instantOf(data.issuedAt);
  const end = (expiresAt: string): number => Math.min(instantOf(expiresAt), at + ACCESS_LIFE_MS[data.kind]);
  const mail = {
    at,
    number: nationalNumber(data.number),
    brand: data.brand,
    recipient: data.recipient,
  };
  switch (data.kind) {
    case 'one-time-password':
    case 'two-step-code':
    case 'address-registration':
      return { kind: data.kind, ...mail, expiresAt: end(data.expiresAt), sealed: data.sealed };
    case 'password-changed':
    case 'address-changed':
    case 'account-locked':
    case 'test': {
      const { kind, expiresAt } = data;
      return expiresAt === undefined ? { kind, ...mail } : { kind, ...mail, expiresAt: end(expiresAt) };
    }
  }
}

export function toBulkTransfer({
  lineNumber,
  action,
  because,
  at,
}: z.output<typeof bulkTransferSchema>): BulkTransfer {
  return { lineNumber: nationalNumber(lineNumber), action, because, at: instantOf(at) };
}

export function toOutcomes({ items }: z.output<typeof outcomesSchema>): Outcomes {
  return {
    items: items.map(
      ({ eventSource, eventId, sequence, kind, number, lineNumber, at, reason, recipients }) => ({
        eventSource,
        eventId,
        sequence,
        kind,
        number,
        lineNumber,
        at,
        reason,
        recipients: recipients.map(({ address, state, attempts, response }) => ({
          address,
          state,
          attempts,
          response,
        })),
      }),
    ),
  };
}

/** The schema allows exactly one of the two. */
function toParty({ number, withheld }: z.output<typeof party>): Party {
  return number === undefined ? { withheld: withheld as WithheldReason } : { number: nationalNumber(number) };
}
