import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { identifier, nationalNumber, phoneNumber, time } from '../fields.ts';
import { instantOf } from '../rfc3339-time.ts';

const schema = z
  .object({
    lineNumber: phoneNumber,
    action: z.enum(['start', 'stop']),
    because: identifier.meta({ description: 'The fault that asks for it, or `subscriber`: a person (V2)' }),
    at: time,
  })
  .meta({ description: 'Start or stop the bulk transfer of a line' });

/** A command to the switch (R3, V2), `at` in epoch milliseconds. */
export interface BulkTransfer extends Omit<z.output<typeof schema>, 'at'> {
  readonly kind: 'bulk-transfer';
  readonly at: number;
}

/** `bulk-transfer.v1` */
export const bulkTransfer = defineEvent({
  topic: 'switch-commands',
  schema,
  toBody: ({ lineNumber, action, because, at }): BulkTransfer => ({
    kind: 'bulk-transfer',
    lineNumber: nationalNumber(lineNumber),
    action,
    because,
    at: instantOf(at),
  }),
  example: { lineNumber: '0312345678', action: 'start', because: 'flt-77', at: '2026-11-21T10:00:00+09:00' },
});
