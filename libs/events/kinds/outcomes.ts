import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { count, identifier } from '../fields.ts';

// Reasons and states are open to a reader: during an upgrade it may meet one that it does not know yet.
const schema = z
  .object({
    items: z.array(
      z.object({
        eventSource: identifier,
        eventId: identifier,
        sequence: z.int().min(1).meta({ description: 'The highest of an event counts' }),
        kind: z.string(),
        number: z.string(),
        lineNumber: z.string().nullable(),
        at: z.string().meta({ format: 'date-time' }),
        reason: z.string(),
        recipients: z.array(
          z.object({ address: z.string(), state: z.string(), attempts: count, response: z.string() }),
        ),
      }),
    ),
  })
  .meta({ description: 'What became of events' });

/** What became of events, as a reader of `notify-outcomes` sees it. */
export type Outcomes = z.output<typeof schema>;

function toOutcomes({ items }: Outcomes): Outcomes {
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

/** `outcomes.v1` */
export const outcomes = defineEvent({
  topic: 'notify-outcomes',
  schema,
  toBody: toOutcomes,
  example: {
    items: [
      {
        eventSource: '/switch/tokyo-1',
        eventId: 'c-20261121-0001',
        sequence: 1,
        kind: 'call',
        number: '0312345679',
        lineNumber: '0312345678',
        at: '2026-11-21T10:00:00+09:00',
        reason: 'notify',
        recipients: [{ address: 'a@example.jp', state: 'accepted', attempts: 1, response: '250 2.0.0 Ok' }],
      },
    ],
  },
});
