import { z } from 'zod';
import { addProblem, telephoneNumber } from './input-checks.ts';
import { withNumberKeys } from './number-keys.ts';
import { parseSubscriberNumber } from './telephone-number.ts';

/**
 * Forwarding of many numbers of a line at once (V2): whether it is on, and the destination of each number that has one.
 */
export interface BulkTransferSettings {
  readonly enabled: boolean;
  readonly destinations: Readonly<Record<string, string>>;
}

/** The bulk transfer of a line before anybody sets it. */
export const EMPTY_BULK_TRANSFER: BulkTransferSettings = { enabled: false, destinations: {} };

/** A bulk transfer as it is stored. */
export const storedBulkTransfer: z.ZodType<BulkTransferSettings> = z.looseObject({
  enabled: z.boolean(),
  destinations: z.record(z.string(), z.string()),
});

/** The document of a bulk transfer as it is written (V2), for a line of these numbers; returned normalised. */
export function bulkTransferInput(numbers: readonly string[]): z.ZodType<BulkTransferSettings> {
  const destination = telephoneNumber(parseSubscriberNumber).superRefine((text, context) => {
    if (numbers.includes(text))
      addProblem(context, { code: 'own-line', message: 'expected a number that is not of the line' });
  });
  return z
    .strictObject({ enabled: z.boolean(), destinations: z.record(z.string(), destination) })
    .transform(({ enabled, destinations }, context) => ({
      enabled,
      destinations: withNumberKeys(destinations, numbers, context, ['destinations']),
    }))
    .superRefine(({ enabled, destinations }, context) => {
      if (!enabled || Object.keys(destinations).length > 0) return;
      const message = 'a bulk transfer can be started only when it has a destination';
      addProblem(context, { code: 'destination-required', message }, ['destinations']);
    });
}

/**
 * What remains of a bulk transfer when its line has these numbers now: a number that left takes its destination along,
 * and a destination that came to the line is none any more. Without a destination it is off.
 */
export function withinLine(transfer: BulkTransferSettings, numbers: readonly string[]): BulkTransferSettings {
  const entries = Object.entries(transfer.destinations);
  const kept = entries.filter(([number, to]) => numbers.includes(number) && !numbers.includes(to));
  if (kept.length === entries.length) return transfer;
  return {
    ...transfer,
    enabled: transfer.enabled && kept.length > 0,
    destinations: Object.fromEntries(kept),
  };
}
