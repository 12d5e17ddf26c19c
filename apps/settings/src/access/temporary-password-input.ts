import { z } from 'zod';
import { temporaryPasswordProblem, UNITS, type TemporaryPasswordProblem, type Unit } from '#access';
import { addProblem } from '#rules';

const EXPECTED: Readonly<Record<TemporaryPasswordProblem, string>> = {
  'not-eight-digits': 'expected 8 digits',
  'equal-digits': 'expected digits that are not all the same',
  run: 'expected digits that neither ascend nor descend one by one',
  'own-number': 'expected other digits than the last eight of the number',
};

/** The document of a temporary password for a number (A2). */
export function temporaryPasswordInput(
  number: string,
): z.ZodType<{ readonly unit: Unit; readonly password: string }> {
  return z.strictObject({
    unit: z.enum(UNITS),
    password: z.string().superRefine((password, context) => {
      const code = temporaryPasswordProblem(password, number);
      if (code) addProblem(context, { code, message: EXPECTED[code] });
    }),
  });
}
