import { z } from 'zod';
import type {
  CallNotice,
  FaultNotice,
  FaxNotice,
  LineSettings,
  NumberSettings,
  Screening,
} from './settings.ts';

/*
 * Settings as they are stored. A field that came later has a default here, the same as in `empty-settings.ts`, so that a
 * document written before it still reads; a notice with a field that has none does not compile. Fields that this program
 * does not know stay: a newer one may have written them, and a write of ours must not lose them.
 */

const recipients = z.array(z.looseObject({ address: z.string(), enabled: z.boolean() })).default(() => []);

const callNotice = z.looseObject({
  enabled: z.boolean().default(false),
  targetCallersOnly: z.boolean().default(false),
  unansweredOnly: z.boolean().default(false),
  recipients,
  targetCallers: z.array(z.looseObject({ number: z.string(), enabled: z.boolean() })).default(() => []),
}) satisfies z.ZodType<CallNotice>;

const faxNotice = z.looseObject({
  enabled: z.boolean().default(false),
  recipients,
}) satisfies z.ZodType<FaxNotice>;

const faultNotice = z.looseObject({
  enabled: z.boolean().default(false),
  recipients,
  contractorName: z.string().default(''),
  location: z.string().default(''),
  autoStartTransfer: z.boolean().default(false),
  autoStopTransfer: z.boolean().default(false),
}) satisfies z.ZodType<FaultNotice>;

const screening = z.looseObject({
  nuisanceCallers: z.array(z.string()).default(() => []),
  numberRequest: z.boolean().default(false),
}) satisfies z.ZodType<Screening>;

/** A number's settings as they are stored; what was not written is off and empty. */
export const storedNumberSettings: z.ZodType<NumberSettings> = z.looseObject({
  number: z.string(),
  lineNumber: z.string(),
  brand: z.string(),
  callNotice: callNotice.prefault({}),
  faxNotice: faxNotice.prefault({}),
  screening: screening.prefault({}),
});

/** A line's settings as they are stored; what was not written is off and empty. */
export const storedLineSettings: z.ZodType<LineSettings> = z.looseObject({
  lineNumber: z.string(),
  brand: z.string(),
  contractor: z.string().default(''),
  numbers: z.array(z.string()),
  faultNotice: faultNotice.prefault({}),
});
