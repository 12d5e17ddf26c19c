import { z } from 'zod';
import { REASONS, storedReader } from '#rules';
import type { LedgerEvent } from './ports.ts';

/** The decision on an event, as ledger entries and retry records carry it; a field added later has a default. */
const storedEvent: z.ZodType<LedgerEvent> = z.looseObject({
  source: z.string(),
  id: z.string(),
  kind: z.string(),
  number: z.string(),
  lineNumber: z.string().nullable().default(null),
  brand: z.string(),
  at: z.number(),
  deadline: z.number(),
  reason: z.enum(REASONS).default('notify'),
  recipients: z.array(z.string()),
  fault: z.looseObject({ failedAt: z.number(), reached: z.array(z.string()) }).exactOptional(),
});

/** Reads parsed JSON of this or an earlier version; `undefined` when it is not a decision. */
export const readStoredEvent = storedReader(storedEvent);
