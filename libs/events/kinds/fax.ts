import { z } from 'zod';
import { defineNotifyEvent } from '../define-event.ts';
import type { BodyOf, EventBase } from '../event.ts';
import {
  count,
  identifier,
  nationalNumber,
  party,
  phoneNumber,
  time,
  toParty,
  type Party,
} from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

const schema = z
  .object({
    lineNumber: phoneNumber,
    calledNumber: phoneNumber,
    sender: party,
    receivedAt: time,
    pages: count.meta({ description: 'The pages that arrived' }),
    complete: z.boolean().meta({ description: 'False when the reception broke off' }),
    documentId: identifier,
  })
  .meta({ description: 'A FAX was received' });

type Data = z.output<typeof schema>;

/** A FAX was received (F1–F3). */
export interface FaxEvent extends EventBase, Readonly<Omit<Data, 'receivedAt' | 'sender'>> {
  readonly kind: 'fax';
  readonly sender: Party;
}

function toFax(data: Data): BodyOf<FaxEvent> {
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

/** `fax.v1` */
export const fax = defineNotifyEvent({
  topic: 'fax-events',
  kinds: ['fax'],
  schema,
  timeField: 'receivedAt',
  toBody: toFax,
  example: {
    lineNumber: '0312345678',
    calledNumber: '0312345679',
    sender: { withheld: 'C' },
    receivedAt: '2026-11-21T10:00:00+09:00',
    pages: 3,
    complete: true,
    documentId: 'f-20261121-0001',
  },
});
