import { z } from 'zod';
import { checkDuplicates, checkMost, telephoneNumber } from './input-checks.ts';
import type { SettingsLimits } from './settings-limits.ts';
import { parseCallerNumber } from './telephone-number.ts';

const storedCallers: z.ZodType<readonly string[]> = z.array(z.string());

/** Each field as it is stored, with its default. */
const fields = {
  nuisanceCallers: storedCallers.default(() => []),
  numberRequest: z.boolean().default(false),
};

/** Whom a number refuses (C7, C8). */
export type Screening = Readonly<z.output<z.ZodObject<typeof fields>>>;

/** A screening as it is stored; what was not written is off and empty. */
export const storedScreening = z.looseObject(fields);

/** The screening of a number before anybody writes one. */
export const EMPTY_SCREENING: Screening = storedScreening.parse({});

/** The document of a number's screening as it is written (C7, C8). */
export function screeningInput(limits: SettingsLimits): z.ZodType<Screening> {
  return z.strictObject({
    nuisanceCallers: z.array(telephoneNumber(parseCallerNumber)).superRefine((callers, context) => {
      checkMost(limits.nuisanceCallers, callers, context);
      checkDuplicates(callers, (caller) => caller, [], context);
    }),
    numberRequest: z.boolean(),
  });
}
