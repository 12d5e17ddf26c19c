import { z } from 'zod';
import { defineEvent } from '../define-event.ts';
import { nationalNumber, phoneNumber } from '../fields.ts';

const schema = z
  .object({
    lineNumber: phoneNumber,
    destinations: z
      .record(phoneNumber, phoneNumber)
      .meta({ description: 'Where each number of the line is forwarded that has a destination' }),
  })
  .meta({
    description: 'The whole bulk transfer of a line, as it is now; a command starts and stops it (V2)',
  });

/** The destinations of a line's bulk transfer (V2). */
export interface BulkTransferDestinations {
  readonly kind: 'bulk-transfer-settings';
  readonly lineNumber: string;
  readonly destinations: Readonly<Record<string, string>>;
}

/** `bulk-transfer-settings.v1` */
export const bulkTransferSettings = defineEvent({
  topic: 'switch-settings',
  schema,
  toBody: ({ lineNumber, destinations }): BulkTransferDestinations => ({
    kind: 'bulk-transfer-settings',
    lineNumber: nationalNumber(lineNumber),
    destinations: Object.fromEntries(
      Object.entries(destinations).map((pair) => pair.map(nationalNumber) as [string, string]),
    ),
  }),
  example: { lineNumber: '0312345678', destinations: { '0312345678': '0698765432' } },
});
